import { User } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';
import { alreadyExists, invalidArgument, type RpcError } from '../rpc/rpc-error.ts';
import { findTakenIds } from './purged-users.ts';
import { timestampOf } from './user-row.ts';
import { type Author, drawRevisions, insertUsers } from './user-store.ts';
import { tidyFields, type UserFields, validateUser } from './validate-user.ts';

/** Makes a user out of what a client may say of it; INVALID_ARGUMENT with every field at fault, its path led by `prefix`. */
export function newUser(fields: UserFields, id: string, at: Date, prefix = ''): User {
  const { name, email, role, state, address, tags, metadata } = tidyFields(fields);
  const user = User.create({ id, name, email, role, state, tags, metadata });
  if (address) user.address = address;
  const violations = validateUser(user, prefix);
  if (violations.length > 0) throw invalidArgument(violations);
  user.createdAt = timestampOf(at.getTime());
  user.updatedAt = timestampOf(at.getTime());
  return user;
}

/** Inserts one user; ALREADY_EXISTS on its email or id. */
export async function insertUser(connection: Connection, user: User, author: Author): Promise<User> {
  const created = await tryInsertUser(connection, user, author);
  if (created === 'id') throw idTaken('id');
  if (created === 'email') throw emailTaken('email');
  return created;
}

/** Inserts one user, or says which of its names another has. */
export async function tryInsertUser(
  connection: Connection,
  user: User,
  author: Author,
): Promise<User | 'id' | 'email'> {
  const [revision = 0] = await drawRevisions(connection, 1);
  const created = { ...user, revision };
  const inserted = await insertUsers(connection, [created], author);
  if (inserted.has(revision)) return created;
  const taken = await findTakenIds(connection, [created.id]);
  return taken.has(created.id) ? 'id' : 'email';
}

export function emailTaken(field: string): RpcError {
  return alreadyExists({ field, description: 'Another user has this email address.', reason: 'EMAIL_TAKEN' });
}

export function idTaken(field: string): RpcError {
  return alreadyExists({ field, description: 'Another user has this id, or had it.', reason: 'ID_TAKEN' });
}
