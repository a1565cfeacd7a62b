import { createDatabase as createEmptyDatabase } from '@roster/postgres/test-database';
import { expect, inject, test } from 'vitest';
import { openTestDatabase } from '../testing/test-database.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';

async function openEmpty(): Promise<{ readonly url: string; readonly database: Database }> {
  const maintenance = new URL(inject('templateUrl'));
  maintenance.pathname = '/postgres';
  return openTestDatabase({ url: await createEmptyDatabase(maintenance.toString()) });
}

const read = (database: Database, text: string) => database.run(undefined, (connection) => connection.query(text));
const applied = (database: Database) => read(database, 'select version from schema_migrations order by version');
const identity = (database: Database) => read(database, 'select * from store');

test('an empty database becomes a store with an identity of its own', async () => {
  const [one, two] = [await openEmpty(), await openEmpty()];
  await migrate(one.database);
  await migrate(two.database);
  expect(await applied(one.database)).toEqual([{ version: 1 }, { version: 2 }]);
  const [[a], [b]] = [await identity(one.database), await identity(two.database)];
  expect(a?.['token_key']).toHaveLength(32);
  expect(a?.['token_key']).not.toEqual(b?.['token_key']);
  expect(a?.['epoch']).not.toBe(b?.['epoch']);
});

test('migrating again changes nothing', async () => {
  const { database } = await openEmpty();
  await migrate(database);
  const before = await identity(database);
  await migrate(database);
  expect(await identity(database)).toEqual(before);
});

test('servers that start at once migrate once', async () => {
  const { database, url } = await openEmpty();
  const servers = await Promise.all(Array.from({ length: 5 }, () => openTestDatabase({ url })));
  await Promise.all(servers.map((server) => migrate(server.database)));
  expect(await applied(database)).toEqual([{ version: 1 }, { version: 2 }]);
  expect(await identity(database)).toHaveLength(1);
});

test('a migration that is killed leaves nothing behind, and the next start does it', async () => {
  const { database, url } = await openEmpty();
  const { database: dying } = await openTestDatabase({ url });
  // The migration makes a trigger late; while that table is locked it waits there, and can be killed in the middle.
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = database.transaction(undefined, async (connection) => {
    await connection.query('lock table pg_trigger in share mode');
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  const killed = expect(migrate(dying)).rejects.toThrow('terminating connection');
  const blocked = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => read(database, blocked)).toHaveLength(1);
  await read(database, `select pg_terminate_backend(pid) from (${blocked}) b`);
  await killed;
  letGo.resolve();
  await holding;
  expect(await read(database, `select 1 from pg_tables where tablename = 'users'`)).toEqual([]);
  await migrate(dying);
  expect(await applied(database)).toEqual([{ version: 1 }, { version: 2 }]);
});
