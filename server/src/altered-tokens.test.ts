import type { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareTransport, contractMethods, failureOfMethod } from './testing/contract-calls.ts';
import { openTestApp } from './testing/test-app.ts';
import { createPerson } from './testing/test-people.ts';

let app: Awaited<ReturnType<typeof openTestApp>>;
let transport: GrpcTransport;
beforeAll(async () => {
  app = await openTestApp();
  transport = bareTransport(app.app.port);
  for (let count = 0; count < 3; count += 1) await createPerson(app.database);
});
afterAll(async () => {
  transport.close();
  await app.close();
});

const call = (path: string, request: object) => {
  const method = contractMethods.get(path);
  if (!method) throw new Error(`There is no ${path}.`);
  return failureOfMethod(transport, method, { authorization: `Bearer ${app.token.text}` }, request);
};
const countUsers = async () =>
  (await app.database.run(undefined, (connection) => connection.query('select from users'))).length;

/** Texts that would do harm where they reached SQL, or a parser that trusts them. */
const hostile = [
  "'",
  "' or true --",
  "'; drop table users; --",
  '1; delete from users',
  'name; delete from users',
  'name desc, (select pg_sleep(5))',
  'name desc nulls first',
  'created_at asc) union select 1 --',
  'NAME',
  'name,email',
  'email_unique',
  'search_key',
  '"name"',
  '$1',
  '%s',
  '\0',
  'name\0',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '\ud800'.toWellFormed(),
  'a'.repeat(5000),
];

const users = '/userservice.v1.UserService/ListUsers';
const paged = [...contractMethods].flatMap(([path, { I }]) =>
  I.fields.some(({ name }) => name === 'page_token') ? [path] : [],
);

test('40. every list that comes in pages is looked at here', () => {
  expect(paged.length).toBeGreaterThanOrEqual(4);
  expect(paged).toContain(users);
});

describe.each(paged)('%s', (path) => {
  test('40. a page token that is none of ours is INVALID_ARGUMENT, whatever it holds', async () => {
    const count = await countUsers();
    const payloads = [[], ['x'], ['x', 'x', 'x'], { hash: '' }, null, 1, "' or true --"];
    const unsigned = payloads.map((payload) => Buffer.from(JSON.stringify(payload)).toString('base64url'));
    const padded = unsigned.map((text) =>
      Buffer.concat([Buffer.alloc(16), Buffer.from(text, 'base64url')]).toString('base64url'),
    );
    for (const pageToken of [...hostile, ...unsigned, ...padded, app.token.text]) {
      expect([pageToken, await call(path, { pageToken })]).toEqual([
        pageToken,
        expect.objectContaining({ code: 'INVALID_ARGUMENT', fields: ['page_token'] }),
      ]);
    }
    expect(await countUsers()).toBe(count);
  });
});

test.each(paged.filter((path) => path !== users))('40. %s takes no page token of the users’ list', async (path) => {
  const listing = app.client.listUsers(ListUsersRequest.create({ pageSize: 1 }));
  for await (const _ of listing.responses);
  const pageToken = String((await listing.trailers)['x-next-page-token'] ?? '');
  expect(await call(users, { pageToken })).toBeUndefined();
  expect(await call(path, { pageToken })).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['page_token'] });
});

describe(users, () => {
  test('40. an order that is none is INVALID_ARGUMENT', async () => {
    const count = await countUsers();
    for (const orderBy of hostile) {
      expect([orderBy, await call(users, { orderBy })]).toEqual([
        orderBy,
        expect.objectContaining({ code: 'INVALID_ARGUMENT', fields: ['order_by'] }),
      ]);
    }
    expect(await countUsers()).toBe(count);
  });

  test('40. a filter is parsed or INVALID_ARGUMENT; what it says is looked for as it is', async () => {
    const count = await countUsers();
    const fields = ['name', 'role', 'created_at', 'tags', 'metadata.team', 'address.city'];
    const filters = hostile.flatMap((text) => [
      text,
      ...fields.flatMap((field) => [`${field} = ${text}`, `${field}:"${text}"`, `${field} = '${text}'`]),
      `${text} = "x"`,
      `metadata.${text} = "x"`,
    ]);
    const codes = new Set<string | undefined>();
    for (const filter of filters) {
      const failure = await call(users, { filter });
      codes.add(failure?.code);
      if (failure) expect([filter, failure]).toEqual([filter, expect.objectContaining({ fields: ['filter'] })]);
    }
    expect(codes).toEqual(new Set([undefined, 'INVALID_ARGUMENT']));
    expect(await countUsers()).toBe(count);
  });
});
