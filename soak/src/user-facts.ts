import { createHash } from 'node:crypto';
import { type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { UserFacts } from './recording.ts';

export function factsOf(user: User): UserFacts {
  return {
    role: UserRole[user.role] ?? '',
    state: UserState[user.state] ?? '',
    tags: user.tags,
    name: user.name,
    isDeleted: user.deletedAt !== undefined,
    print: printOf(user),
  };
}

/** A short text that differs when anything of a user does. The entries of a map have no order. */
export function printOf(user: User): string {
  const { metadata, ...rest } = user;
  const entries = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([rest, entries]))
    .digest('base64url')
    .slice(0, 12);
}
