import type { Database } from '../database/database.ts';

/** Everything that a dump of the database would show, as text; for tests that look for what must not be there. */
export async function storeText(database: Database): Promise<string> {
  return database.snapshot(undefined, async (connection) => {
    const tables = await connection.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const rows = await connection.query<{ line: string }>(`select t::text as line from ${name} t`);
      texts.push(`${name}\n${rows.map(({ line }) => line).join('\n')}`);
    }
    return texts.join('\n');
  });
}
