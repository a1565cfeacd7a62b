import { Client } from 'pg';

/** Runs one statement on a connection of its own. */
export async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A name as an SQL identifier. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const duplicateDatabase = ['42P04', '23505'];

/** Makes the database unless it is there; of two that make it at once both are content. */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  await run(url, `CREATE DATABASE ${quote(name)}`).catch((error: { code?: string }) => {
    if (!duplicateDatabase.includes(error.code ?? '')) throw error;
  });
}
