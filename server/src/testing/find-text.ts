import type { Database } from '../database/database.ts';

/** The tables that hold a text in any column of theirs, in whatever letter case; in bytes too, where it stands as UTF-8. */
export function findText(database: Database, text: string): Promise<readonly string[]> {
  return database.run(undefined, async (connection) => {
    const columns = await connection.query<{ table_name: string; column_name: string; data_type: string }>(
      `select table_name, column_name, data_type from information_schema.columns join information_schema.tables t using (table_name)
       where columns.table_schema = 'public' and t.table_schema = 'public' and t.table_type = 'BASE TABLE'`,
    );
    const found = new Set<string>();
    for (const { table_name: table, column_name: column, data_type: type } of columns) {
      const readable = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`;
      const [row] = await connection.query<{ any: boolean }>(
        `select exists (select from "${table}" where position(lower($1) in lower(${readable})) > 0) as any`,
        [text],
      );
      if (row?.any) found.add(table);
    }
    return [...found].toSorted();
  });
}
