import { createDatabase as createEmptyDatabase } from '@roster/postgres/test-database';
import { expect, inject, test } from 'vitest';
import { openTestDatabase } from '../testing/test-database.ts';
import type { Database } from './database.ts';
import { migrate, schemaVersion } from './migrate.ts';
import usersAndFeed from './migrations/0001-users-and-feed.sql';
import encodedUsers from './migrations/0002-encoded-users.sql';
import signIn from './migrations/0003-sign-in.sql';
import purge from './migrations/0004-purge.sql';
import history from './migrations/0005-history.sql';

async function openEmpty(): Promise<{ readonly url: string; readonly database: Database }> {
  const maintenance = new URL(inject('templateUrl'));
  maintenance.pathname = '/postgres';
  return openTestDatabase({ url: await createEmptyDatabase(maintenance.toString()) });
}

const read = (database: Database, text: string) => database.run(undefined, (connection) => connection.query(text));
const allVersions = Array.from({ length: schemaVersion }, (_, at) => ({ version: at + 1 }));
const applied = (database: Database) => read(database, 'select version from schema_migrations order by version');
const identity = (database: Database) => read(database, 'select * from store');

test('an empty database becomes a store with an identity of its own', async () => {
  const [one, two] = [await openEmpty(), await openEmpty()];
  await migrate(one.database);
  await migrate(two.database);
  expect(await applied(one.database)).toEqual(allVersions);
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
  expect(await applied(database)).toEqual(allVersions);
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
  expect(await applied(database)).toEqual(allVersions);
});

test('links and linked identities that were there before version 6 keep what they stand on', async () => {
  const { database } = await openEmpty();
  const user = '01890000-0000-7000-8000-000000000001';
  await database.transaction(undefined, async (connection) => {
    for (const sql of [usersAndFeed, encodedUsers, signIn, purge, history]) await connection.script(sql);
    await connection.script(`
      create table schema_migrations (version int primary key, applied_at timestamptz not null default now());
      insert into schema_migrations select generate_series(1, 5);
      insert into users (id, name, email, role, state, created_at, updated_at, revision, name_key, email_key, email_unique, search_key)
        values ('${user}', 'A', 'a@b', 1, 1, now(), now(), 1, '', '', '', '');
      insert into one_time_links (id, secret_hash, purpose, created_by, created_by_role, created_at, expires_at)
        select gen_random_uuid(), maker::bytea, 2, maker, 2, now(), now()
        from unnest(array['host', '${user}', 'token:abcdefghijkl']) as maker;
      insert into federated_identities (issuer, subject, user_id, linked_at)
        select issuer, 'ada', '${user}', now() from unnest(array['https://root.example', 'https://deep.example/realms/one']) as issuer;`);
  });
  await migrate(database);
  expect(await read(database, 'select maker_id, maker_token_id, maker_role from one_time_links order by 1, 2')).toEqual(
    [
      { maker_id: user, maker_token_id: null, maker_role: 2 },
      { maker_id: null, maker_token_id: 'abcdefghijkl', maker_role: 2 },
      { maker_id: null, maker_token_id: null, maker_role: 2 },
    ],
  );
  const providers = ['https://deep.example/realms/one', new URL('https://root.example').href];
  expect(await read(database, 'select provider from federated_identities order by 1')).toEqual(
    providers.map((provider) => ({ provider })),
  );
});

test('a database that a newer program has brought further is refused, and stays as it is', async () => {
  const { database } = await openTestDatabase();
  await migrate(database);
  await database.run(undefined, (connection) =>
    connection.query('insert into schema_migrations (version) values ($1)', [schemaVersion + 1]),
  );
  await expect(migrate(database)).rejects.toThrow(/A newer Roster has used this database/);
});
