import { UserFeed_SnapshotReason as Reason, type User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import {
  CreateUserRequest,
  PurgeUserRequest,
  UndeleteUserRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { expect, onTestFinished, test } from 'vitest';
import { readTokenKey } from '../../database/store-identity.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { createLink, hostMaker } from '../../identity/link-store.ts';
import { createToken } from '../../identity/token-store.ts';
import { type FeedClient, watch } from '../../testing/feed-client.ts';
import { findText } from '../../testing/find-text.ts';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { clientOf, createPerson, type TestPerson } from '../../testing/test-people.ts';
import { createFeedStore } from '../../watch/feed-store.ts';
import { createTokenSealer } from '../../watch/sealed-token.ts';
import { createSequencer } from '../../watch/sequencer.ts';
import { createWatchHub } from '../../watch/watch-hub.ts';
import { failed } from './testing/call-failure.ts';
import { bulkCreate, createOne, list, read, remove, restore, someone, update } from './testing/user-calls.ts';

/** In no other text of a test. */
const canaries = {
  name: 'Zephyrine Quandary',
  email: 'zq.canary@example.org',
  city: 'Canaryville',
  tag: 'canary-tag',
  note: 'canary-note',
};

const purge = (client: UserServiceClient, id: string) => client.purgeUser(PurgeUserRequest.create({ id })).response;

/** Somebody who is known by all that can be known of a person, and is an editor who has changed somebody else. */
async function leaveTraces(app: TestApp): Promise<{ person: TestPerson; other: User }> {
  const { client, database } = app;
  const person = await createPerson(database, {
    name: canaries.name,
    email: canaries.email,
    role: UserRole.EDITOR,
    tags: [canaries.tag],
    metadata: { note: canaries.note },
    address: { street: '', city: canaries.city, state: '', country: '', postalCode: '' },
  });
  const { id } = person.user;
  const own = clientOf(person, app);
  const other = await createOne(own, { name: 'Other' });
  const changed = await update(own, { id: other.id, user: { name: 'Other Two' }, requestId: crypto.randomUUID() });
  await update(client, { id, user: { tags: [canaries.tag, 'b'] }, requestId: crypto.randomUUID() });
  // Refused, and so noted.
  await own.purgeUser(PurgeUserRequest.create({ id: other.id })).response.catch(() => undefined);
  await database.transaction(undefined, async (connection) => {
    const token = {
      name: `${canaries.name}’s laptop`,
      role: UserRole.VIEWER,
      scopes: ['users.read'],
      ownerId: id,
      parentId: undefined,
    };
    await createToken(connection, { ...token, expiresAt: new Date(Date.now() + 60_000) });
    await createLink(connection, { purpose: 2, userId: id, maker: hostMaker });
    const actor = { id, name: canaries.name, sessionId: person.sessionId, tokenId: undefined };
    const seen = { actor, address: '192.0.2.7', device: 'Firefox on Linux', requestId: '' };
    await recordAccess(connection, { ...seen, kind: 'SIGNED_IN', userId: id });
    await recordAccess(connection, { ...seen, kind: 'TOKEN_CREATED', detail: `${canaries.name}’s laptop` });
    await recordAccess(connection, { ...seen, kind: 'LINK_CREATED', userId: other.id, detail: 'invitation' });
  });
  return { person, other: changed };
}

test('a purge leaves nothing in any table that names the person, only the id that nobody gets again', async () => {
  const app = await startTestApp();
  const { client, database } = app;
  const { person } = await leaveTraces(app);
  const { id } = person.user;
  const traces = ['access_events', 'api_tokens', 'changes', 'request_answers', 'users'];
  expect(await findText(database, canaries.name)).toEqual(expect.arrayContaining(traces));
  expect(await findText(database, canaries.email)).toEqual(expect.arrayContaining(['changes', 'users']));
  expect(await findText(database, id)).toEqual(expect.arrayContaining(['one_time_links', 'passwords', 'sessions']));
  await remove(client, id);
  await purge(client, id);
  for (const canary of [...Object.values(canaries), '192.0.2.7']) expect(await findText(database, canary)).toEqual([]);
  // What is left under the id says what became of it, and what it did to others.
  expect(await findText(database, id)).toEqual(['access_events', 'changes', 'purged_users']);
  expect(await failed(client.getUser({ id }).response)).toMatchObject({ code: 'NOT_FOUND' });
  expect((await list(client, { showDeleted: true, filter: 'zephyrine' })).users).toEqual([]);
});

test('what an erased person did to others stays, by “Erased person”', async () => {
  const app = await startTestApp();
  const { client, database } = app;
  const { person, other } = await leaveTraces(app);
  const entries = () =>
    database.run(undefined, (connection) =>
      connection.query(
        `select revision, kind, paths, actor_id, actor, address, encode(before, 'hex') as before, encode(after, 'hex') as after
         from changes where user_id = $1 order by revision`,
        [other.id],
      ),
    );
  const known = await entries();
  expect(known.map((entry) => entry['actor'])).toEqual([canaries.name, canaries.name]);
  await remove(client, person.user.id);
  await purge(client, person.user.id);
  expect(await entries()).toEqual(known.map((entry) => ({ ...entry, actor: 'Erased person', address: null })));
  expect(await read(client, other.id)).toEqual(other);
  const [event] = await database.run(undefined, (connection) =>
    connection.query('select actor, address, device, detail from access_events where user_id = $1', [other.id]),
  );
  expect(event).toEqual({ actor: 'Erased person', address: '', device: '', detail: '' });
});

test('what a server has yet to write down of a refusal is not written once the person is erased', async () => {
  const app = await startTestApp();
  const person = await createPerson(app.database, { name: canaries.name });
  const own = clientOf(person, app);
  for (let call = 0; call < 3; call += 1)
    expect(await failed(createOne(own))).toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect.poll(() => findText(app.database, canaries.name)).toContain('refusals');
  await remove(app.client, person.user.id);
  await purge(app.client, person.user.id);
  await app.app.stop();
  expect(await findText(app.database, canaries.name)).toEqual([]);
});

test('the purge itself is written down, with who did it', async () => {
  const { client, database, token } = await startTestApp();
  const { id } = await createOne(client);
  await remove(client, id);
  await purge(client, id);
  const events = await database.run(undefined, (connection) =>
    connection.query('select kind, actor_id, actor, token_id from access_events where user_id = $1', [id]),
  );
  expect(events).toEqual([{ kind: 'PURGED', actor_id: `token:${token.id}`, actor: 'A test', token_id: token.id }]);
});

test('only who is deleted can be erased, and only once', async () => {
  const { client, database } = await startTestApp();
  const one = await createOne(client);
  expect(await failed(purge(client, one.id))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'USER_NOT_DELETED',
    subjects: [one.id],
  });
  expect(await read(client, one.id)).toEqual(one);
  await remove(client, one.id);
  await purge(client, one.id);
  expect(await failed(purge(client, one.id))).toMatchObject({ code: 'NOT_FOUND', violations: ['id NOT_FOUND'] });
  expect(await failed(purge(client, crypto.randomUUID()))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await failed(purge(client, 'ada'))).toMatchObject({ code: 'INVALID_ARGUMENT', violations: ['id ID_INVALID'] });
  expect(await failed(restore(client, one.id))).toMatchObject({ code: 'NOT_FOUND' });
  const tombstones = await database.run(undefined, (connection) => connection.query('select id from purged_users'));
  expect(tombstones).toEqual([{ id: one.id }]);
});

test('the history stays insert-only for everybody else, right after a purge too', async () => {
  const { client, database } = await startTestApp();
  const [gone, here] = [await createOne(client), await createOne(client)];
  await remove(client, gone.id);
  const forged = database.transaction(undefined, async (connection) => {
    await connection.query('select purge_users($1)', [[gone.id]]);
    await connection.query(`update changes set actor = 'Nobody' where user_id = $1`, [here.id]);
  });
  await expect(forged).rejects.toThrow('insert-only');
  // All of it was rolled back.
  expect((await read(client, gone.id)).id).toBe(gone.id);
});

test('the id of an erased person is given to nobody again; their email address is free', async () => {
  const { client } = await startTestApp();
  const { id, email } = await createOne(client);
  await remove(client, id);
  await purge(client, id);
  expect(await failed(createOne(client, { id }))).toMatchObject({
    code: 'ALREADY_EXISTS',
    violations: ['id ID_TAKEN'],
  });
  const loaded = await bulkCreate(client, [someone({ id }), someone()]);
  expect([loaded.createdCount, loaded.failedIds]).toEqual([1, [id]]);
  expect((await createOne(client, { email })).email).toBe(email);
});

test('of a purge and a restore at one time exactly one happens', async () => {
  const { client } = await startTestApp();
  for (let round = 0; round < 20; round += 1) {
    const { id } = await createOne(client);
    await remove(client, id);
    const [purged, restored] = await Promise.allSettled([
      purge(client, id),
      client.undeleteUser(UndeleteUserRequest.create({ id })).response,
    ]);
    const isThere = await client.getUser({ id }).response.then(
      () => true,
      () => false,
    );
    expect([purged.status, restored.status, isThere]).toEqual(
      isThere ? ['rejected', 'fulfilled', true] : ['fulfilled', 'rejected', false],
    );
  }
});

test('lists that show deleted users lose the row and count one less; the others notice nothing', async () => {
  const { client } = await startTestApp();
  const [gone, also] = [await createOne(client), await createOne(client)];
  await remove(client, gone.id);
  await remove(client, also.id);
  await createOne(client);
  const bin = watch(client, { showDeleted: true, filter: 'deleted_at:*' });
  const alive = watch(client);
  await bin.until(() => bin.rows.size === 2 && bin.total === 2);
  await alive.until(() => alive.rows.size === 1 && alive.total === 1);
  await isSettled(alive);
  const told = alive.events.length;
  await purge(client, gone.id);
  await bin.until(() => !bin.rows.has(gone.id) && bin.total === 1);
  expect([...bin.rows.keys()]).toEqual([also.id]);
  const next = await createOne(client);
  await alive.until(() => alive.rows.has(next.id));
  expect(alive.events.slice(told).filter(({ oneofKind }) => oneofKind !== 'checkpoint')).toMatchObject([
    { changes: { upserts: [{ id: next.id }], removals: [] } },
  ]);
});

test('a place in the feed from before the erased is forgotten and gets a new list; a later one goes on', async () => {
  const { client } = await startTestApp();
  const before = watch(client);
  await isSettled(before);
  before.cancel();
  const gone = await createOne(client, { name: canaries.name });
  const after = watch(client, { showDeleted: true });
  await after.until(() => after.rows.has(gone.id));
  await remove(client, gone.id);
  // By the feed: a list that was read may stand before its last changes.
  await after.until(() => after.rows.get(gone.id)?.deletedAt !== undefined);
  await isSettled(after);
  after.cancel();
  await purge(client, gone.id);
  const again = watch(client, {}, before);
  expect((await again.first('begin')).begin.reason).toBe(Reason.COMPACTED);
  const on = watch(client, { showDeleted: true }, after);
  await on.until(() => !on.rows.has(gone.id));
  expect(on.events[0]?.oneofKind).toBe('resumed');
  for (const { events } of [again, on]) expect(JSON.stringify(events)).not.toContain(canaries.name);
});

test('every server lets go of what it remembers of the feed about the person', async () => {
  const { client, database } = await startTestApp();
  const hubs = [await openHub(database), await openHub(database)];
  const gone = await createOne(client, { name: canaries.name });
  await update(client, UpdateUserRequest.create({ id: gone.id, user: { name: `${canaries.name} Two` } }));
  const here = await createOne(client, { name: 'Here' });
  await remove(client, gone.id);
  await client.createUser(CreateUserRequest.create(someone({ name: 'Later' }))).response;
  const remembered = () => hubs.map(({ log }) => JSON.stringify(log().after(log().floor, log().head)));
  await expect
    .poll(() => remembered().every((text) => text.includes(canaries.name) && text.includes('Later')))
    .toBe(true);
  await purge(client, gone.id);
  await expect.poll(() => remembered().some((text) => text.includes(canaries.name))).toBe(false);
  // What came after the last word about the person is still there.
  expect(remembered().every((text) => text.includes('Later'))).toBe(true);
  expect((await read(client, here.id)).name).toBe('Here');
});

/** A server's part of the feed, beside that of the test's server. */
async function openHub(database: TestApp['database']) {
  const store = createFeedStore(database);
  const sealer = createTokenSealer(await readTokenKey(database));
  const onError = () => undefined;
  const options = { heartbeatMs: 1000, maxAgeMs: 60_000, maxBehind: 1000, pollMs: 20, onError };
  const hub = await createWatchHub({ store, sealer, ...options });
  const sequencer = createSequencer(store, { pollMs: 20, onError });
  onTestFinished(async () => {
    await sequencer.stop();
    await hub.stop();
  });
  return hub;
}

/** Waits for the bookmark after all that has come. */
function isSettled(feed: FeedClient): Promise<void> {
  return feed.until(() => feed.total !== undefined && feed.events.at(-1)?.oneofKind === 'checkpoint');
}
