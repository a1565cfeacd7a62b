import {
  UserFeed_GoAwayReason as GoAway,
  UserFeed_SnapshotReason as Reason,
  UserFeed_RemovalReason as Removal,
  UserRole,
} from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { expect, test } from 'vitest';
import { watch } from '../../testing/feed-client.ts';
import { startTestApp } from '../../testing/test-app.ts';

async function create(client: UserServiceClient, name: string, role = UserRole.VIEWER): Promise<string> {
  const email = `${crypto.randomUUID()}@example.org`;
  const { user } = await client.createUser(CreateUserRequest.create({ name, email, role })).response;
  return user?.id ?? '';
}

async function setRole(client: UserServiceClient, id: string, role: UserRole): Promise<void> {
  await client.updateUser(UpdateUserRequest.create({ id, user: { role }, updateMask: { paths: ['role'] } })).response;
}

test('a watch begins with a snapshot and goes on with every change', async () => {
  const { client } = await startTestApp();
  const first = await create(client, 'First');
  const feed = watch(client);
  expect((await feed.first('begin')).begin).toMatchObject({
    reason: Reason.FIRST,
    heartbeatInterval: { seconds: '15' },
  });
  await feed.first('end');
  expect([...feed.rows.keys()]).toEqual([first]);
  const second = await create(client, 'Second');
  await feed.until(() => feed.rows.has(second));
  await client.deleteUser({ id: first, baseRevision: 0, requestId: '', confirmSelf: false }).response;
  await feed.until(() => !feed.rows.has(first));
  await feed.until(() => feed.total === 1);
});

test('a row edited into the filter enters, one edited out of it leaves, and others never show', async () => {
  const { client } = await startTestApp();
  const id = await create(client, 'Ada');
  const feed = watch(client, { filter: 'role = ADMIN' });
  await feed.first('end');
  await create(client, 'Bob');
  await setRole(client, id, UserRole.ADMIN);
  await feed.until(() => feed.rows.has(id));
  await setRole(client, id, UserRole.EDITOR);
  await feed.until(() => !feed.rows.has(id));
  const removals = feed.events.flatMap((event) => (event.oneofKind === 'changes' ? event.changes.removals : []));
  expect(removals).toMatchObject([{ id, reason: Removal.LEFT_FILTER }]);
  const shown = feed.events.flatMap((event) => (event.oneofKind === 'changes' ? event.changes.upserts : []));
  expect(shown.map((user) => user.name)).toEqual(['Ada']);
});

test('a cut stream goes on exactly where it was cut', async () => {
  const { client } = await startTestApp();
  const before = watch(client);
  await before.first('end');
  const gone = await create(client, 'Gone');
  await before.until(() => before.rows.has(gone));
  await before.until(() => before.events.at(-1)?.oneofKind === 'checkpoint');
  before.cancel();
  await before.ended;
  await client.deleteUser({ id: gone, baseRevision: 0, requestId: '', confirmSelf: false }).response;
  const missed = await create(client, 'Missed');
  const after = watch(client, {}, before);
  await after.until(() => after.rows.has(missed) && !after.rows.has(gone));
  expect(after.events[0]?.oneofKind).toBe('resumed');
  expect(after.events.some((event) => event.oneofKind === 'begin')).toBe(false);
});

test('the finite list in envelopes gives a token from which a watch goes on', async () => {
  const { client } = await startTestApp();
  const call = client.listUsers({
    pageSize: 0,
    pageToken: '',
    filter: '',
    orderBy: '',
    skip: 0,
    showDeleted: false,
    watch: false,
    envelope: true,
    resumeToken: '',
  });
  let resumeToken = '';
  for await (const { feed } of call.responses)
    if (feed?.event.oneofKind === 'end') resumeToken = feed.event.end.resumeToken;
  const id = await create(client, 'Later');
  const feed = watch(client, { resumeToken });
  await feed.until(() => feed.rows.has(id));
  expect(feed.events[0]?.oneofKind).toBe('resumed');
});

test.each([
  ['damaged', 'AAAA', Reason.TOKEN_INVALID],
  ['no text of ours', '§§', Reason.TOKEN_INVALID],
])('a resume token that is %s gets a snapshot that says why', async (_, resumeToken, reason) => {
  const { client } = await startTestApp();
  const feed = watch(client, { resumeToken });
  expect((await feed.first('begin')).begin.reason).toBe(reason);
  await feed.first('end');
});

test('a resume token of another query, of another store, from the future or compacted gets a snapshot that says why', async () => {
  const { client, database } = await startTestApp();
  const other = await startTestApp();
  await create(client, 'Someone');
  const feed = watch(client);
  await feed.first('end');
  await feed.until(() => feed.rows.size === 1);
  const tokenOf = async (of: UserServiceClient, filter: string) => {
    const ended = watch(of, { filter });
    return (await ended.first('end')).end.resumeToken;
  };
  const reasonFor = async (resumeToken: string) => (await watch(client, { resumeToken }).first('begin')).begin.reason;

  expect(await reasonFor(await tokenOf(client, 'role = ADMIN'))).toBe(Reason.OTHER_QUERY);
  expect(await reasonFor(await tokenOf(other.client, ''))).toBe(Reason.OTHER_EPOCH);
  const token = await tokenOf(client, '');
  await database.run(undefined, (connection) => connection.query('update feed_head set floor = seq + 1'));
  expect(await reasonFor(token)).toBe(Reason.COMPACTED);
  await database.run(undefined, (connection) => connection.query('update feed_head set floor = 0, seq = seq - 1'));
  expect(await reasonFor(token)).toBe(Reason.FUTURE);
});

test('a store restored from a backup asks every stream to list anew, and refuses its old tokens', async () => {
  const { client, database } = await startTestApp();
  const feed = watch(client);
  const token = (await feed.first('end')).end.resumeToken;
  await database.run(undefined, (connection) => connection.query('update store set epoch = gen_random_uuid()'));
  // The restore cuts every connection, the listener's too.
  await database.run(undefined, (connection) =>
    connection.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`,
    ),
  );
  expect((await feed.first('goAway')).goAway.reason).toBe(GoAway.RELIST);
  expect(await feed.ended).toBe('OK');
  expect((await watch(client, { resumeToken: token }).first('begin')).begin.reason).toBe(Reason.OTHER_EPOCH);
});

test('a server that slept while positions were forgotten asks its streams to list anew, and goes on from there', async () => {
  const { client, database } = await startTestApp();
  const feed = watch(client);
  await feed.first('end');
  await database.run(undefined, (connection) =>
    connection.query('update feed_head set seq = seq + 10, floor = seq + 10'),
  );
  const id = await create(client, 'After the gap');
  expect((await feed.first('goAway')).goAway.reason).toBe(GoAway.RELIST);
  const again = watch(client, {}, feed);
  expect((await again.first('begin')).begin.reason).toBe(Reason.COMPACTED);
  await again.until(() => again.rows.has(id));
  const next = await create(client, 'Live again');
  await again.until(() => again.rows.has(next));
});

test('positions that are forgotten before a server has read them are noticed although nothing follows', async () => {
  const { client, database } = await startTestApp();
  const feed = watch(client);
  await feed.first('end');
  await database.run(undefined, (connection) =>
    connection.query('update feed_head set seq = seq + 1, floor = seq + 1'),
  );
  expect((await feed.first('goAway')).goAway.reason).toBe(GoAway.RELIST);
});

test('a server that stops tells its streams to come back, and ends them with OK', async () => {
  const { app, client } = await startTestApp();
  const feed = watch(client);
  await feed.first('end');
  const stopped = app.stop();
  expect((await feed.first('goAway')).goAway.reason).toBe(GoAway.RESTART);
  expect(await feed.ended).toBe('OK');
  await stopped;
});

test('what one server writes, a watcher of another sees, in the same order', async () => {
  const { client, databaseUrl } = await startTestApp();
  const other = await startTestApp({ databaseUrl });
  const feed = watch(other.client);
  await feed.first('end');
  const ids = await Promise.all(Array.from({ length: 50 }, (_, index) => create(client, `User ${index}`)));
  await feed.until(() => ids.every((id) => feed.rows.has(id)));
  await feed.until(() => feed.total === 50);
});

test('changes that a server left in the outbox when it died are found by the others', async () => {
  const { client, database } = await startTestApp();
  const feed = watch(client);
  await feed.first('end');
  const id = crypto.randomUUID();
  await database.transaction(undefined, async (connection) => {
    await connection.query(
      `insert into users (id, name, email, role, state, created_at, updated_at, revision, name_key, email_key, email_unique, search_key)
       values ($1, 'Left', 'left@example.org', 3, 1, now(), now(), nextval('revision'), 'left', 'left@example.org', 'left@example.org', 'left')`,
      [id],
    );
    await connection.query(
      `insert into changes (revision, user_id, kind, paths, actor_id, actor, at, after)
       select revision, id, 'created', '{}', 'test', 'test', now(), ('\\x0a24' || encode(convert_to(id::text, 'UTF8'), 'hex') || '2003' || '5001')::bytea from users where id = $1`,
      [id],
    );
    await connection.query('insert into outbox select revision from users where id = $1', [id]);
  });
  await feed.until(() => feed.rows.has(id));
});
