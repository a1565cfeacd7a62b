import { Actor, ChangeKind, UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { type MaskPath, parseMaskPath } from '@roster/proto/mask-paths';
import { applyMask } from '../../store/apply-mask.ts';
import { timestampOf } from '../../store/user-row.ts';

/** Who acted, as each table of the history keeps it. */
export interface ActorRow {
  readonly actor_id: string;
  readonly actor: string;
  readonly session_id: string | null;
  readonly token_id: string | null;
  readonly address: string | null;
}

/** The columns of `changes c` that make up an entry. */
export const changeColumns = `c.revision, c.user_id, c.kind, c.paths, c.actor_id, c.actor, c.session_id, c.token_id, c.address, c.request_id, c.at,
  c.before, c.after`;

export interface ChangeRow extends ActorRow {
  readonly revision: number;
  readonly user_id: string;
  readonly kind: keyof typeof kinds;
  readonly paths: readonly string[];
  readonly request_id: string | null;
  readonly at: number;
  readonly before: Buffer | null;
  readonly after: Buffer;
}

const kinds = {
  created: ChangeKind.CREATED,
  updated: ChangeKind.UPDATED,
  deleted: ChangeKind.DELETED,
  undeleted: ChangeKind.UNDELETED,
} as const;

/** What the column `kind` calls a kind. */
export function kindName(kind: ChangeKind): string | undefined {
  return Object.entries(kinds).find(([, value]) => value === kind)?.[0];
}

export function changeFromRow(row: ChangeRow): UserChange {
  const after = User.fromBinary(row.after);
  const change = UserChange.create({
    revision: row.revision,
    userId: row.user_id,
    userName: after.name,
    kind: kinds[row.kind],
    paths: [...row.paths],
    actor: actorFromRow(row),
    requestId: row.request_id ?? '',
    changedAt: timestampOf(row.at),
    after: onlyChanged(after, row),
  });
  if (row.before) change.before = onlyChanged(User.fromBinary(row.before), row);
  return change;
}

export function actorFromRow(row: ActorRow): Actor {
  return Actor.create({
    id: row.actor_id,
    name: row.actor,
    sessionId: row.session_id ?? '',
    tokenId: row.token_id ?? '',
    address: row.address ?? '',
  });
}

/** The part of a user that a change is about. */
function onlyChanged(user: User, { kind, paths }: ChangeRow): User {
  switch (kind) {
    case 'created':
      return user;
    case 'updated':
      return applyMask(User.create(), user, paths.flatMap(leafOf));
    case 'deleted':
    case 'undeleted':
      return User.create({ ...(user.deletedAt && { deletedAt: user.deletedAt }) });
  }
}

/** A newer server may have written a path that this one does not know. */
function leafOf(path: string): readonly MaskPath[] {
  const leaf = parseMaskPath(path);
  return leaf ? [leaf] : [];
}
