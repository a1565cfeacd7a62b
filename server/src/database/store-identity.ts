import type { Database } from './database.ts';

/** Names the store for good, also over a restore: what is named after it stays apart from other stores. It is no secret. */
export async function readStoreId(database: Database): Promise<string> {
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ id: string }>(`select encode(sha256(token_key), 'hex') as id from store`),
  );
  if (!row) throw new Error('the store has no identity');
  return row.id;
}

/** Reads the key that signs page and resume tokens. It is random, made with the store, and no credential. */
export async function readTokenKey(database: Database): Promise<Buffer> {
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ token_key: Buffer }>('select token_key from store'),
  );
  if (!row) throw new Error('the store has no identity');
  return row.token_key;
}
