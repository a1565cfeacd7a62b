import { User, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { Caller } from '../rpc/context.ts';
import {
  encodedVersion,
  rowFromUser,
  type UserRow,
  userColumns,
  userFromRow,
  writtenColumnNames,
  writtenColumns,
} from './user-row.ts';

/** Who changed something, through which call. */
export interface Author {
  readonly caller: Caller;
  readonly requestId: string;
  /** The IP address that it came from. */
  readonly address: string;
  readonly at: Date;
}

export type ChangeKind = 'created' | 'updated' | 'deleted' | 'undeleted';

export interface LockedUser {
  readonly user: User;
  /** Leaf path to the revision of its last change; an absent leaf is as old as the user. */
  readonly fieldRevisions: Readonly<Record<string, number>>;
}

const readUserSql = prepared(`select ${userColumns} from users u where u.id = $1`);

export async function readUser(connection: Connection, id: string): Promise<User | undefined> {
  const [row] = await connection.query<UserRow>(readUserSql, [id]);
  return row && userFromRow(row);
}

const lockUserSql = prepared(`select ${userColumns}, u.field_revisions from users u where u.id = $1 for update`);

/** Reads a user and keeps others from changing it until the transaction ends. */
export async function lockUser(connection: Connection, id: string): Promise<LockedUser | undefined> {
  const [row] = await connection.query<UserRow & { readonly field_revisions: Record<string, number> }>(lockUserSql, [
    id,
  ]);
  return row && { user: userFromRow(row), fieldRevisions: row.field_revisions };
}

const drawRevisionsSql = prepared(`select nextval('revision') as revision from generate_series(1, $1)`);

/** Draws revisions from the store's counter. For a user that exists its row must be locked. */
export async function drawRevisions(connection: Connection, count: number): Promise<number[]> {
  const rows = await connection.query<{ revision: number }>(drawRevisionsSql, [count]);
  return rows.map((row) => row.revision);
}

const insertedNames = writtenColumnNames.join(', ');
const insertUsersSql = prepared(
  `with input as (select * from jsonb_to_recordset($1) as t(${writtenColumns})),
   message as (select * from unnest($7::bigint[], $8::bytea[]) as m(revision, after)),
   inserted as (
     insert into users (${insertedNames}, encoded, encoded_version) select ${insertedNames}, after, $9 from input join message using (revision)
     where not exists (select from purged_users p where p.id = input.id)
     order by revision on conflict do nothing returning id, revision, role, state
   ),
   logged as (
     insert into changes (revision, user_id, kind, paths, role_after, state_after, actor_id, actor, session_id, request_id, at, after,
       token_id, address)
     select i.revision, i.id, 'created', '{}', i.role, i.state, $2, $3, $4, $5, $6, m.after, $10, $11
     from inserted i join message m using (revision)
   ),
   queued as (insert into outbox select revision from inserted)
   select revision from inserted`,
);

/**
 * Inserts users with their history and outbox rows in one statement, and returns the revisions of those that met no taken id or email. The id of
 * somebody who was erased is taken. Of two that meet each
 * other the one with the lower revision is inserted.
 */
export async function insertUsers(
  connection: Connection,
  users: readonly User[],
  author: Author,
): Promise<Set<number>> {
  const rows = await connection.query<{ revision: number }>(insertUsersSql, [
    JSON.stringify(users.map(rowFromUser)),
    author.caller.id,
    author.caller.name,
    author.caller.sessionId ?? null,
    author.requestId,
    author.at,
    users.map((user) => user.revision),
    users.map(encode),
    encodedVersion,
    author.caller.tokenId ?? null,
    author.address,
  ]);
  return new Set(rows.map((row) => row.revision));
}

const assignments = writtenColumnNames.filter((name) => name !== 'id').map((name) => `${name} = t.${name}`);
const replaceUserSql = prepared(
  `with replaced as (
     update users u set ${assignments.join(', ')}, field_revisions = $2, encoded = $15, encoded_version = $16
     from jsonb_to_record($1) as t(${writtenColumns}) where u.id = $20 returning u.id, u.revision
   ),
   logged as (
     insert into changes (revision, user_id, kind, paths, role_before, role_after, state_before, state_after,
       actor_id, actor, session_id, request_id, at, before, after, token_id, address)
     select revision, id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $17, $18 from replaced
   ),
   signed_out as (
     update sessions set ended_at = $13 where user_id = (select id from replaced) and ended_at is null and $19
   )
   insert into outbox select revision from replaced`,
);

/**
 * Replaces a locked user, with its history and outbox rows in the same statement. The sessions of one who may not sign in any more end for good: who may again must
 * sign in again.
 */
export async function replaceUser(
  connection: Connection,
  change: {
    readonly kind: Exclude<ChangeKind, 'created'>;
    readonly before: User;
    readonly after: User;
    readonly paths: readonly string[];
    readonly fieldRevisions: Readonly<Record<string, number>>;
    readonly author: Author;
  },
): Promise<void> {
  const { kind, before, after, paths, fieldRevisions, author } = change;
  await connection.query(replaceUserSql, [
    JSON.stringify(rowFromUser(after)),
    JSON.stringify(fieldRevisions),
    kind,
    paths,
    before.role,
    after.role,
    before.state,
    after.state,
    author.caller.id,
    author.caller.name,
    author.caller.sessionId ?? null,
    author.requestId,
    author.at,
    encode(before),
    encode(after),
    encodedVersion,
    author.caller.tokenId ?? null,
    author.address,
    after.state !== UserState.ACTIVE || after.deletedAt !== undefined,
    after.id,
  ]);
}

/** Who last changed some leaves of a user since a revision, from the history. */
export interface LeafChange {
  readonly revision: number;
  readonly paths: string[];
  readonly actor: string;
  readonly at: number;
  readonly before: Buffer;
  readonly after: Buffer;
}

export function readChanges(
  connection: Connection,
  userId: string,
  revisions: readonly number[],
): Promise<LeafChange[]> {
  return connection.query<LeafChange>(
    `select revision, paths, actor, at, before, after from changes
     where user_id = $1 and revision = any($2::bigint[]) and before is not null order by revision`,
    [userId, revisions],
  );
}

function encode(user: User): Buffer {
  return Buffer.from(User.toBinary(user));
}
