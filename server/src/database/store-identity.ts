import type { Database } from './database.ts';

/** Reads the key that signs page and resume tokens. It is random, made with the store, and no credential. */
export async function readTokenKey(database: Database): Promise<Buffer> {
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ token_key: Buffer }>('select token_key from store'),
  );
  if (!row) throw new Error('the store has no identity');
  return row.token_key;
}
