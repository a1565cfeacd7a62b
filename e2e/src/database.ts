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
