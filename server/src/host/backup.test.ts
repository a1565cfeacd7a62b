import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import {
  UserFeed_GoAwayReason as GoAway,
  UserFeed_SnapshotReason as Reason,
  UserRole,
} from '@roster/proto/gen/userservice/v1/user';
import { DeleteUserRequest, PurgeUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { schemaVersion } from '../database/migrate.ts';
import { readTableShapes } from '../database/store-copy.ts';
import { bulkCreate, createOne, list, remove, someone, update } from '../features/users/testing/user-calls.ts';
import { createLink, hostMaker } from '../identity/link-store.ts';
import { watch } from '../testing/feed-client.ts';
import { startTestApp } from '../testing/test-app.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { createPerson } from '../testing/test-people.ts';
import { type BackupParts, backup, restore } from './backup-command.ts';
import { setupLink } from './recover-admin.ts';

const never = new AbortController().signal;

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-backup-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

function partsFor(url: string, streams: Partial<BackupParts> = {}): BackupParts {
  return {
    store: { url, password: undefined },
    input: new PassThrough(),
    output: new PassThrough(),
    signal: never,
    ...streams,
  };
}

/** All rows of all tables. */
async function contentsOf(database: Database): Promise<Record<string, readonly unknown[]>> {
  return database.snapshot(undefined, async (connection) => {
    const contents: Record<string, readonly unknown[]> = {};
    for (const { name } of await readTableShapes(connection)) {
      const rows = await connection.query<{ row: string }>(`select t::text as row from ${name} t order by 1`);
      contents[name] = rows.map(({ row }) => row);
    }
    return contents;
  });
}

/** A store in which every table has rows. */
async function startFullApp() {
  const app = await startTestApp();
  const { client, database } = app;
  const admin = await createPerson(database, { role: UserRole.ADMIN, name: 'Ada Admin' });
  await bulkCreate(
    client,
    Array.from({ length: 50 }, (_, at) => someone({ name: `Loaded \\t ${at} \\N`, tags: ['a b', '"q"'] })),
  );
  const one = await createOne(client, {
    name: 'Zoë “NULL” \\.',
    metadata: { key: '\\x00' },
    requestId: crypto.randomUUID(),
  });
  await update(client, { id: one.id, user: { role: UserRole.ADMIN } });
  const gone = await createOne(client);
  await remove(client, gone.id);
  await client.purgeUser(PurgeUserRequest.create({ id: gone.id })).response;
  await remove(client, (await createOne(client)).id);
  await database.transaction(undefined, async (connection) => {
    await createLink(connection, { purpose: 2, userId: one.id, maker: hostMaker });
    await connection.query(
      `insert into challenges values ($1, 'test', null, null, '{}', now() + interval '1 minute')`,
      [one.id],
    );
    await connection.query(`update challenges set data = '{"key": "two\\nlines\\tand \\\\ a tab"}'`);
    await connection.query(`insert into failed_attempts values ('\\x01', 1, now(), now())`);
    await connection.query(`insert into revocations (revision, user_id, at) values (nextval('revision'), $1, now())`, [
      one.id,
    ]);
    await connection.query(
      `insert into refusals values (date_trunc('minute', now()), 'a', 'b', 'c', 'd', null, null, '', 1, '')`,
    );
    await connection.query(`insert into passkeys values ('p', $1, 'Key', '\\x00ff', 0, '{usb}', false, now(), null)`, [
      one.id,
    ]);
    await connection.query(
      `insert into federated_identities values ('https://idp.example', 's', $1, now(), 'https://idp.example/')`,
      [one.id],
    );
  });
  return { ...app, admin };
}

test('62. what is restored is what was backed up, row for row, in every table', async () => {
  const { database, databaseUrl, app } = await startFullApp();
  // Nothing changes any more.
  await app.stop();
  const file = join(await openFolder(), 'backup');
  expect(await backup(partsFor(databaseUrl), [file])).toMatch(/^Backed up 53 users and \d+ changes\.$/);
  const known = await contentsOf(database);
  // Else it proves little.
  for (const [name, rows] of Object.entries(known)) if (name !== 'outbox') expect(rows, name).not.toEqual([]);
  const other = await openTestDatabase();
  expect(await restore(partsFor(other.url), [file])).toMatch(/^Restored 53 users and \d+ changes, as of 20\d\d-.*Z\. /);

  const now = await contentsOf(other.database);
  const { store, sessions, one_time_links: links, challenges, access_events: events, ...same } = known;
  expect(now).toMatchObject(same);
  expect(now['access_events']?.filter((row) => !String(row).includes('RESTORED'))).toEqual(events);
  expect(now['store']).toHaveLength(store?.length ?? 0);
  expect([now['sessions']?.length, now['one_time_links']?.length]).toEqual([sessions?.length, links?.length]);
  expect([challenges?.length, now['challenges']?.length]).toEqual([1, 0]);
});

test('62. after a restore it is another history of the same store: nobody is signed in, no link is good, new changes come after the old ones', async () => {
  const first = await startFullApp();
  const bytes = await backedUp(first.databaseUrl);
  const { database, url } = await openTestDatabase();
  await restore(partsFor(url, { input: Readable.from(bytes) }), ['-']);
  const identity = 'select epoch::text, encode(token_key, $1) as key from store';
  const [before, after] = await Promise.all(
    [first.database, database].map((one) => one.run(undefined, (connection) => connection.query(identity, ['hex']))),
  );
  expect(after?.[0]?.['key']).toBe(before?.[0]?.['key']);
  expect(after?.[0]?.['epoch']).not.toBe(before?.[0]?.['epoch']);
  const open = await database.run(undefined, (connection) =>
    connection.query(
      'select (select count(*) from sessions where ended_at is null) as sessions, (select count(*) from one_time_links where ended_at is null) as links',
    ),
  );
  expect(open).toEqual([{ sessions: 0, links: 0 }]);
  const [event] = await database.run(undefined, (connection) =>
    connection.query(`select actor, detail from access_events where kind = 'RESTORED'`),
  );
  expect(event).toMatchObject({ actor: 'On the host', detail: expect.stringMatching(/^Backup of 20/) });

  // The API token of the backup still works, on a server over the restored store.
  const again = await startTestApp({ databaseUrl: url, token: first.token });
  const known = (await list(again.client, { showDeleted: true, pageSize: 1000 })).users;
  const made = await createOne(again.client);
  expect(made.revision).toBeGreaterThan(Math.max(...known.map(({ revision }) => revision)));
});

test('62. a backup that is taken while others write is of one moment', async () => {
  const { client, databaseUrl } = await startTestApp();
  const writing = new AbortController();
  const writers = Array.from({ length: 4 }, async () => {
    while (!writing.signal.aborted) {
      const { id } = await createOne(client);
      await update(client, { id, user: { name: 'Changed' } });
      await bulkCreate(client, [someone(), someone()]);
      await client.deleteUser(DeleteUserRequest.create({ id })).response;
      if (id < '8') await client.purgeUser(PurgeUserRequest.create({ id })).response;
    }
  });
  const backups: Buffer[] = [];
  for (let round = 0; round < 5; round += 1) backups.push(await backedUp(databaseUrl));
  writing.abort();
  await Promise.all(writers);
  const newest: number[] = [];
  for (const bytes of backups) {
    const { database, url } = await openTestDatabase();
    await restore(partsFor(url, { input: Readable.from(bytes) }), ['-']);
    // Every row, its entry and its place were written by one transaction: none may be there without the others.
    const [counts] = await database.run(undefined, (connection) =>
      connection.query<Record<string, number>>(
        `select (select max(revision) from (select revision from feed union all select revision from outbox)) as newest,
           (select count(*) from users u where not exists (select from changes c where c.user_id = u.id and c.revision = u.revision)) as ahead,
           (select count(*) from changes c where not exists (select from users u where u.id = c.user_id and u.revision >= c.revision)) as behind,
           (select count(*) from changes c where not exists (select from feed f where f.revision = c.revision)
              and not exists (select from outbox o where o.revision = c.revision)) as lost,
           (select count(*) from feed join outbox using (revision)) as doubled,
           (select count(*) from purged_users join users using (id)) as risen,
           (select seq - coalesce((select max(seq) from feed), 0) from feed_head) as unplaced`,
      ),
    );
    expect(counts).toMatchObject({ ahead: 0, behind: 0, lost: 0, doubled: 0, risen: 0, unplaced: 0 });
    newest.push(Number(counts?.['newest']));
  }
  // They were taken in the middle of it.
  expect(newest).toEqual(newest.toSorted((a, b) => a - b));
  expect(newest.at(-1)).toBeGreaterThan(newest[0] ?? 0);
});

test.each(['a user', 'an API token'])('a store with %s is not restored into, and stays as it is', async (what) => {
  const bytes = await backedUp((await startFullApp()).databaseUrl);
  const app = await startTestApp();
  const { database, databaseUrl } = app;
  if (what === 'a user') await createPerson(database);
  await app.app.stop();
  const known = await contentsOf(database);
  const restoring = restore(partsFor(databaseUrl, { input: Readable.from(bytes) }), ['-']);
  await expect(restoring).rejects.toThrow(
    /This database is in use \((changes|api_tokens) has rows\).*nothing was changed/,
  );
  expect(await contentsOf(database)).toEqual(known);
});

test('a store that was only started, so that it has a set-up link, is restored into; the link is dead', async () => {
  const bytes = await backedUp((await startFullApp()).databaseUrl);
  const { database, url } = await openTestDatabase();
  await setupLink(database, []);
  await restore(partsFor(url, { input: Readable.from(bytes) }), ['-']);
  const links = await database.run(undefined, (connection) =>
    connection.query('select count(*) as size from one_time_links where user_id is null'),
  );
  expect(links).toEqual([{ size: 0 }]);
});

test('62. whatever is cut off or altered is refused, and the store stays empty', { timeout: 60_000 }, async () => {
  const bytes = await backedUp((await startFullApp()).databaseUrl);
  const { database, url } = await openTestDatabase();
  const known = await contentsOf(database);
  const folder = await openFolder();
  let tries = 0;
  async function refused(spoiled: Buffer): Promise<void> {
    tries += 1;
    const file = join(folder, String(tries));
    await writeFile(file, spoiled);
    await expect(restore(partsFor(url), [file])).rejects.toThrow('This backup cannot be used');
    await expect(restore(partsFor(url, { input: Readable.from(spoiled) }), ['-'])).rejects.toThrow(
      'This backup cannot be used',
    );
  }
  const place = fc.nat({ max: bytes.length - 1 });
  await fc.assert(
    fc.asyncProperty(place, (length) => refused(bytes.subarray(0, length))),
    { numRuns: 15 },
  );
  const spoil = fc.record({ at: place, bits: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(spoil, async ({ at, bits }) => {
      const spoiled = Buffer.from(bytes);
      spoiled[at] = (spoiled[at] ?? 0) ^ bits;
      fc.pre(!saysTheSame(spoiled, bytes));
      await refused(spoiled);
    }),
    { numRuns: 30 },
  );
  await refused(Buffer.concat([bytes, bytes]));
  await refused(Buffer.from('name,email\nAda,ada@example.org\n'));
  expect(await contentsOf(database)).toEqual(known);
});

test.each([
  { off: 1, words: 'A newer Roster has written this backup' },
  { off: -1, words: `An older Roster has written this backup (schema ${schemaVersion - 1}` },
])('a backup of schema $off from this one is refused, and nothing is touched', async ({ off, words }) => {
  const { database, databaseUrl } = await startFullApp();
  const { database: empty, url } = await openTestDatabase();
  const known = await contentsOf(empty);
  await database.run(undefined, (connection) =>
    connection
      .query('update schema_migrations set version = $1 + $2 where version = $1', [schemaVersion, off])
      .catch(() => connection.query('delete from schema_migrations where version = $1', [schemaVersion])),
  );
  const bytes = await backedUp(databaseUrl);
  await expect(restore(partsFor(url, { input: Readable.from(bytes) }), ['-'])).rejects.toThrow(words);
  expect(await contentsOf(empty)).toEqual(known);
});

test.each(['by its end', 'by a signal'])(
  '62. a restore that is ended in the middle, %s, leaves nothing, and the next one does it',
  async (how) => {
    const first = await startFullApp();
    await bulkCreate(
      first.client,
      Array.from({ length: 2000 }, () => someone({ metadata: { noise: crypto.randomUUID() } })),
    );
    const bytes = await backedUp(first.databaseUrl);
    const { database, url } = await openTestDatabase();
    const known = await contentsOf(database);
    const input = new PassThrough();
    input.write(bytes.subarray(0, bytes.length / 2));
    const interrupted = new AbortController();
    const restoring = restore(partsFor(url, { input, signal: interrupted.signal }), ['-']);
    const outcome = expect(restoring).rejects.toThrow();
    const read = (sql: string) => database.run(undefined, (connection) => connection.query(sql));
    const isIt = `application_name = 'roster host' and datname = current_database()`;
    const copying = `state = 'active' and query like 'copy %' and wait_event = 'ClientRead'`;
    await expect.poll(() => read(`select query from pg_stat_activity where ${isIt} and ${copying}`)).toHaveLength(1);
    // All that has come is read, and the copy waits for more.
    await expect.poll(() => input.readableLength + input.writableLength).toBe(0);
    if (how === 'by a signal') interrupted.abort();
    else await read(`select pg_terminate_backend(pid) from pg_stat_activity where ${isIt}`);
    await outcome;
    await expect.poll(() => read(`select from pg_stat_activity where ${isIt}`)).toHaveLength(0);
    expect(await contentsOf(database)).toEqual(known);
    await restore(partsFor(url, { input: Readable.from(bytes) }), ['-']);
    expect((await contentsOf(database))['users']).toHaveLength(2053);
  },
);

test('a backup is a file that only its owner may read, has its name once it is whole, and replaces none', async () => {
  const { databaseUrl } = await startFullApp();
  const folder = await openFolder();
  const file = join(folder, 'backup');
  await backup(partsFor(databaseUrl), [file]);
  const { mode, mtimeMs, size } = await stat(file);
  expect(mode & 0o777).toBe(0o600);
  await expect(backup(partsFor(databaseUrl), [file])).rejects.toThrow('A backup never replaces a file');
  expect(await stat(file)).toMatchObject({ mtimeMs, size });
  expect(await readdir(folder)).toEqual(['backup']);
  await expect(backup(partsFor(databaseUrl), [join(folder, 'missing', 'backup')])).rejects.toThrow('cannot be written');
});

test('a backup that is interrupted, or of a database without Roster, leaves no file', async () => {
  const { databaseUrl } = await startFullApp();
  const folder = await openFolder();
  const file = join(folder, 'backup');
  await expect(backup(partsFor(databaseUrl, { signal: AbortSignal.abort() }), [file])).rejects.toThrow();
  const elsewhere = new URL(databaseUrl);
  elsewhere.pathname = '/postgres';
  await expect(backup(partsFor(elsewhere.toString()), [file])).rejects.toThrow('This database holds no Roster yet.');
  expect(await readdir(folder)).toEqual([]);
});

test('62. who follows a list while the store is emptied and restored under a running server is told, and lists anew', async () => {
  const { client, database, databaseUrl } = await startTestApp();
  const kept = await createOne(client);
  const before = watch(client);
  await before.until(() => before.rows.has(kept.id));
  const bytes = await backedUp(databaseUrl);
  const lost = await createOne(client);
  await before.until(() => before.rows.has(lost.id));
  await database.run(undefined, (connection) => connection.script('drop schema public cascade; create schema public'));
  await restore(partsFor(databaseUrl, { input: Readable.from(bytes) }), ['-']);
  expect((await before.first('goAway')).goAway.reason).toBe(GoAway.RELIST);
  const after = watch(client, {}, before);
  expect((await after.first('begin')).begin.reason).toBe(Reason.OTHER_EPOCH);
  await after.first('end');
  expect([...after.rows.keys()]).toEqual([kept.id]);
  const next = await createOne(client);
  await after.until(() => after.rows.has(next.id));
});

test('a server over which another store was restored says so, to be started anew with its keys; over its own it goes on', async () => {
  const { app, client, database, databaseUrl } = await startTestApp();
  let isReplaced = false;
  void app.replaced.then(() => {
    isReplaced = true;
  });
  const feed = watch(client);
  await feed.first('end');
  await database.run(undefined, (connection) => connection.query('update store set epoch = gen_random_uuid()'));
  await feed.first('goAway');
  expect((await watch(client, {}, feed).first('begin')).begin.reason).toBe(Reason.OTHER_EPOCH);
  expect(isReplaced).toBe(false);
  const other = await openTestDatabase();
  // The stores of tests are copies of one, its key included.
  await other.database.run(undefined, (connection) => connection.query(`update store set token_key = '\\x0102'`));
  const bytes = await backedUp(other.url);
  await database.run(undefined, (connection) => connection.script('drop schema public cascade; create schema public'));
  await restore(partsFor(databaseUrl, { input: Readable.from(bytes) }), ['-']);
  await expect.poll(() => isReplaced, { timeout: 10_000 }).toBe(true);
});

/** Some bits of a compressed file do not matter: of its head, and where one way to copy zeros is as good as another. */
function saysTheSame(one: Buffer, other: Buffer): boolean {
  try {
    return gunzipSync(one).equals(gunzipSync(other));
  } catch {
    return false;
  }
}

async function backedUp(url: string): Promise<Buffer> {
  const output = new PassThrough();
  const [bytes] = await Promise.all([buffer(output), backup(partsFor(url, { output }), ['-'])]);
  return bytes;
}
