import { Client } from 'pg';

/** The oldest PostgreSQL that Roster's SQL runs on. */
const oldestVersion = 15;

/** Why the database of the connection string cannot be used, in words without its password; undefined if it can. */
export async function checkDatabase(url: string): Promise<string | undefined> {
  let client: Client;
  try {
    if (!/^postgres(ql)?:\/\//.test(url))
      return 'must be a connection string like postgresql://user@host:5432/database.';
    client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  } catch (error) {
    return `cannot be read (${(error as Error).message}).`;
  }
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
    return version < oldestVersion
      ? `PostgreSQL ${version} is too old, ${oldestVersion} is the oldest that fits.`
      : undefined;
  } catch (error) {
    return `cannot connect to ${client.host}:${client.port} (${reasonOf(error)}).`;
  } finally {
    await client.end().catch(() => {});
  }
}

/** A name that stands for several addresses fails with one error for each, and without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
