import type { Connection, Database } from './database.ts';
import usersAndFeed from './migrations/0001-users-and-feed.sql';
import encodedUsers from './migrations/0002-encoded-users.sql';
import signIn from './migrations/0003-sign-in.sql';
import purge from './migrations/0004-purge.sql';
import history from './migrations/0005-history.sql';
import standing from './migrations/0006-standing.sql';

/** Forward only; a landed file never changes. */
const migrations: readonly { readonly version: number; readonly sql: string }[] = [
  { version: 1, sql: usersAndFeed },
  { version: 2, sql: encodedUsers },
  { version: 3, sql: signIn },
  { version: 4, sql: purge },
  { version: 5, sql: history },
  { version: 6, sql: standing },
];

/** Of the schema that this program works on. */
export const schemaVersion = migrations.length;

/** Any constant that nothing else in the database locks. */
const migrationLock = 7_208_114;

/**
 * Brings the schema up to date. Fails where a newer program has brought it further: this one would write what that one cannot read. Safe to run twice, after a
 * kill, and by two servers at once: each migration commits alone, under one lock.
 */
export async function migrate(database: Database): Promise<void> {
  for (const { version, sql } of migrations) {
    await database.transaction(undefined, async (connection) => {
      // Another server may be at it, and a migration of a large table takes as long as it takes.
      await connection.query('set local statement_timeout = 0');
      await connection.query('select pg_advisory_xact_lock($1)', [migrationLock]);
      await connection.query(
        'create table if not exists schema_migrations (version int primary key, applied_at timestamptz not null default now())',
      );
      const applied = await connection.query('select 1 from schema_migrations where version = $1', [version]);
      if (applied.length > 0) return;
      await connection.script(sql);
      await connection.query('insert into schema_migrations (version) values ($1)', [version]);
    });
  }
  await database.run(undefined, requireKnownSchema);
}

async function requireKnownSchema(connection: Connection): Promise<void> {
  const [row] = await connection.query<{ newest: number }>('select max(version) as newest from schema_migrations');
  const newest = row?.newest ?? 0;
  if (newest > schemaVersion) {
    throw new Error(
      `A newer Roster has used this database (schema ${newest}, this one has ${schemaVersion}). Start that one. Nothing was changed.`,
    );
  }
}
