import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

/** One connection to the tested stack's database, for what no client of the API can arrange or see. */
export interface TestDatabase {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export async function openDatabase(url: string): Promise<TestDatabase> {
  const client = new Client({ connectionString: url, application_name: 'e2e' });
  await client.connect();
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await client.query<Row>(text, [...values])).rows;
    },
    close: () => client.end(),
  };
}

/** The process of an embedded PostgreSQL whose end is the end of the server. The stack starts it again. */
export async function readPostmasterPid(url: string): Promise<number> {
  const database = await openDatabase(url);
  const [row] = await database.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
  await database.close();
  return Number.parseInt(await readFile(join(row?.folder ?? '', 'postmaster.pid'), 'utf8'), 10);
}
