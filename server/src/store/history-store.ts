import { User } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';

/** One change as the history keeps it. */
export interface KeptChange {
  readonly revision: number;
  readonly userId: string;
  readonly kind: 'created' | 'updated' | 'deleted' | 'undeleted';
  readonly paths: readonly string[];
  /** The whole user; undefined for a creation. */
  readonly before: User | undefined;
}

interface KeptRow extends Omit<KeptChange, 'userId' | 'before'> {
  readonly user_id: string;
  readonly before: Buffer | null;
}

export async function readKeptChange(connection: Connection, revision: number): Promise<KeptChange | undefined> {
  const [row] = await connection.query<KeptRow>(
    'select revision, user_id, kind, paths, before from changes where revision = $1',
    [revision],
  );
  if (!row) return undefined;
  const { kind, paths } = row;
  return { revision, userId: row.user_id, kind, paths, before: row.before ? User.fromBinary(row.before) : undefined };
}

/** The revision of a user's newest deletion or restoration, if it came after a revision. */
export async function findLaterDeletion(
  connection: Connection,
  userId: string,
  revision: number,
): Promise<number | undefined> {
  const [row] = await connection.query<{ revision: number }>(
    `select revision from changes where user_id = $1 and revision > $2 and kind in ('deleted', 'undeleted') order by revision desc limit 1`,
    [userId, revision],
  );
  return row?.revision;
}
