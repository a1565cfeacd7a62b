import type pg from 'pg';
import type { Connection } from './database.ts';
import type { Prepared } from './prepared.ts';

/** Gives a client of `pg` the shape that the store's statements are written for. None begins once the signal is aborted. */
export function connectionOver(client: pg.ClientBase, signal?: AbortSignal): Connection {
  return {
    async query<Row extends object>(statement: string | Prepared, parameters: readonly unknown[] = []): Promise<Row[]> {
      signal?.throwIfAborted();
      const named = typeof statement === 'string' ? { text: statement } : statement;
      const result = await client.query<Row>({ ...named, values: [...parameters] });
      return result.rows;
    },
    async script(text) {
      await client.query(text);
    },
  };
}
