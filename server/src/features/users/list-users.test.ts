import { User, type UserFeed, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { limits } from '@roster/proto/limits';
import { comparePlaces, formatOrderBy, type Order, orderFields, orderKey } from '@roster/proto/order';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, startTestApp } from '../../testing/test-app.ts';
import { failed } from './testing/call-failure.ts';
import { bulkCreate, createOne, list, someone, walk } from './testing/user-calls.ts';

/** 230 users with many equal keys, and names that sort differently by UTF-16 unit, by case and by accent. */
let app: Awaited<ReturnType<typeof openTestApp>>;
let everyone: readonly User[];
beforeAll(async () => {
  app = await openTestApp();
  const names = ['ada', 'Ada', 'Ádám', 'zoë', 'Ünal', '\uff5e', '🦊', '日本', 'ß', 'Łucja', '한국', '_x', 'ＦＵＬＬ'];
  await bulkCreate(
    app.client,
    Array.from({ length: 230 }, (_, index) =>
      someone({
        name: `${names[index % names.length]}${index % 3}`,
        role: (index % 3) + 1,
        state: index % 7 === 0 ? UserState.SUSPENDED : UserState.ACTIVE,
      }),
    ),
  );
  everyone = (await list(app.client, { pageSize: 1000 })).users;
});
afterAll(() => app.close());

const orders: readonly Order[] = orderFields.flatMap((field) => [
  { field, descending: false },
  { field, descending: true },
]);
const sorted = (users: readonly User[], order: Order) =>
  users.toSorted((a, b) =>
    comparePlaces(order, { key: orderKey(a, order.field), id: a.id }, { key: orderKey(b, order.field), id: b.id }),
  );
const ids = (users: readonly User[]) => users.map(({ id }) => id);

test.each(orders.map((order) => [formatOrderBy(order), order] as const))(
  'the pages of a list by %s are its rows, each once, in the order that the client computes',
  async (orderBy, order) => {
    expect(ids(await walk(app.client, { orderBy, pageSize: 37 }))).toEqual(ids(sorted(everyone, order)));
  },
);

test.each(orders.map((order) => [formatOrderBy(order), order] as const))(
  'skip passes over rows of a list by %s, after the page token too',
  async (orderBy, order) => {
    const whole = ids(sorted(everyone, order));
    const at = async (request: Partial<ListUsersRequest>) => list(app.client, { orderBy, pageSize: 20, ...request });
    const jumped = await at({ skip: 130 });
    expect(ids(jumped.users)).toEqual(whole.slice(130, 150));
    expect(ids((await at({ pageToken: jumped.nextPageToken, skip: 5 })).users)).toEqual(whole.slice(155, 175));
    expect(ids((await at({ skip: 220 })).users)).toEqual(whole.slice(220));
    expect(ids((await at({ skip: 1, pageSize: 1000 })).users)).toEqual(whole.slice(1));
    expect(await at({ skip: 2_147_483_647 })).toMatchObject({ users: [], nextPageToken: '', totalSize: 230 });
  },
);

test('page sizes: 0 means 50, over 1000 means 1000, and the last page has no token', async () => {
  expect((await list(app.client)).users).toHaveLength(limits.pageSizeDefault);
  const whole = await list(app.client, { pageSize: 5000 });
  expect(whole.users).toHaveLength(230);
  expect(whole.nextPageToken).toBe('');
  const exact = await list(app.client, { pageSize: 230 });
  expect([exact.users.length, exact.nextPageToken]).toEqual([230, '']);
});

test('the trailers hold the next page token and the exact total of the filter', async () => {
  const { nextPageToken, totalSize } = await list(app.client, { filter: 'role = ADMIN', pageSize: 3 });
  expect(totalSize).toBe(everyone.filter(({ role }) => role === UserRole.ADMIN).length);
  const filtered = await walk(app.client, { filter: 'role = ADMIN', pageSize: 30 });
  expect(filtered).toHaveLength(totalSize);
  expect(nextPageToken).not.toBe('');
});

test('without order the newest come first', async () => {
  expect(ids(everyone)).toEqual(ids(sorted(everyone, { field: 'created_at', descending: true })));
});

test('40. a page token is bound to its filter, order and deleted users, and to every character of it', async () => {
  const { nextPageToken: pageToken } = await list(app.client, { orderBy: 'name', filter: 'role = ADMIN', pageSize: 5 });
  const query = { orderBy: 'name', filter: 'role = ADMIN', pageToken };
  expect((await list(app.client, { ...query, filter: 'role=ADMIN', pageSize: 9 })).users).toHaveLength(9);
  const other = { code: 'INVALID_ARGUMENT', violations: ['page_token PAGE_TOKEN_OTHER_QUERY'] };
  expect(await failed(list(app.client, { ...query, orderBy: 'name desc' }))).toMatchObject(other);
  expect(await failed(list(app.client, { ...query, filter: 'role = EDITOR' }))).toMatchObject(other);
  expect(await failed(list(app.client, { ...query, showDeleted: true }))).toMatchObject(other);
  const altered = [pageToken.slice(0, -1), `${pageToken}A`, `${pageToken}=`];
  for (let at = 0; at < pageToken.length; at += 1) {
    altered.push(`${pageToken.slice(0, at)}${nextCharacter(pageToken[at])}${pageToken.slice(at + 1)}`);
  }
  const refusals = await Promise.all(altered.map((token) => failed(list(app.client, { ...query, pageToken: token }))));
  expect(new Set(refusals.map(({ violations }) => violations.join()))).toEqual(
    new Set(['page_token PAGE_TOKEN_INVALID']),
  );
});

/** The neighbour in base64url: for the last character it may differ in bits that no byte takes in. */
function nextCharacter(character = ''): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[(alphabet.indexOf(character) ^ 1) % 64] ?? '';
}

test('40. a resume token, or a page token of another store, is no page token', async () => {
  // The databases of tests are copies and share their key, which stores do not.
  const { database, databaseUrl } = await startTestApp();
  await database.run(undefined, (connection) =>
    connection.query(`update store set token_key = decode(repeat('ab', 32), 'hex')`),
  );
  const foreign = await startTestApp({ databaseUrl });
  await bulkCreate(foreign.client, [someone(), someone()]);
  const { nextPageToken } = await list(foreign.client, { pageSize: 1 });
  const [, resumeToken] = await envelope(app.client, {});
  for (const pageToken of [nextPageToken, resumeToken]) {
    expect(await failed(list(app.client, { pageToken }))).toMatchObject({
      violations: ['page_token PAGE_TOKEN_INVALID'],
    });
  }
});

test('a page token outlives a restart', async () => {
  const first = await list(app.client, { orderBy: 'name', pageSize: 100 });
  const restarted = await startTestApp({ databaseUrl: app.databaseUrl });
  const second = await list(restarted.client, { orderBy: 'name', pageSize: 1000, pageToken: first.nextPageToken });
  expect(ids([...first.users, ...second.users])).toEqual(ids(sorted(everyone, { field: 'name', descending: false })));
});

test('a bare list is bare: users without feed, and nothing else', async () => {
  expect(everyone.every((user) => user.id !== '' && user.feed === undefined)).toBe(true);
});

/** Reads a list in envelopes, and the resume token of its end. */
async function envelope(client: UserServiceClient, request: Partial<ListUsersRequest>) {
  const call = client.listUsers(ListUsersRequest.create({ envelope: true, ...request }));
  const messages: User[] = [];
  for await (const user of call.responses) messages.push(user);
  const events = messages.flatMap(({ feed }): UserFeed['event'][] => (feed ? [feed.event] : []));
  const end = events.at(-1);
  return [events, end?.oneofKind === 'end' ? end.end.resumeToken : '', messages] as const;
}

test('an envelope is begin, changes and end, and its users are those of the bare list', async () => {
  const [events, , messages] = await envelope(app.client, { orderBy: 'name', pageSize: 100, skip: 10 });
  const bare = await list(app.client, { orderBy: 'name', pageSize: 100, skip: 10 });
  expect(events.map(({ oneofKind }) => oneofKind)).toEqual(['begin', 'changes', 'end']);
  expect(events[0]).toMatchObject({ begin: { total: { size: 230, isMinimum: false } } });
  expect(events[1]).toMatchObject({ changes: { upserts: bare.users, removals: [] } });
  expect(events[2]).toMatchObject({ end: { nextPageToken: bare.nextPageToken } });
  for (const { feed, ...rest } of messages) expect(rest).toEqual(User.create());
});

test('an empty envelope is begin and end', async () => {
  const [events] = await envelope(app.client, { filter: 'name = nobody' });
  expect(events.map(({ oneofKind }) => oneofKind)).toEqual(['begin', 'end']);
});

test('1,000 large users come in messages of at most 256 KiB, all of them, in order', async () => {
  const { client } = await startTestApp();
  const metadata = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`key-${index}`, '𝔹'.repeat(250)]));
  await bulkCreate(
    client,
    Array.from({ length: 1000 }, () => someone({ metadata })),
  );
  const [events, , messages] = await envelope(client, { pageSize: 1000, orderBy: 'created_at' });
  const sizes = messages.map((message) => User.toBinary(message).length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.feedMessageBytes);
  expect(sizes.length).toBeGreaterThan(20);
  const users = events.flatMap((event) => (event.oneofKind === 'changes' ? event.changes.upserts : []));
  expect(ids(users)).toEqual(ids(sorted(users, { field: 'created_at', descending: false })));
  expect(new Set(ids(users)).size).toBe(1000);
}, 30_000);

test('the size of a list is that of its own moment: one that was just created is counted at once', async () => {
  const { client } = await startTestApp();
  for (let count = 1; count <= 30; count += 1) {
    await createOne(client);
    const call = client.listUsers(ListUsersRequest.create({ pageSize: 1 }));
    for await (const _ of call.responses);
    expect((await call.trailers)['x-total-size']).toBe(String(count));
  }
});
