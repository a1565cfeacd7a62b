import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, DeleteUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { describe, expect, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { leave } from '../rpc/call.ts';
import { failedPrecondition, invalidArgument, permissionDenied, unauthenticated } from '../rpc/rpc-error.ts';
import { operator } from '../rpc/test-server.ts';
import { createTestToken, startTestApp } from '../testing/test-app.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { clientOf, createPerson, transportOfProgram } from '../testing/test-people.ts';
import { createRefusals, forgetRefusals, type RefusedCall } from './refusals.ts';

const { ADMIN, EDITOR, VIEWER } = UserRole;

interface Row {
  readonly caller_id: string;
  readonly method: string;
  readonly reason: string;
  readonly count: number;
}

function rowsOf(database: Database): Promise<Row[]> {
  return database.run(undefined, (connection) =>
    connection.query<Row>('select * from refusals order by minute, caller_id, method, reason'),
  );
}

/** The rows of one caller as `Method REASON` with their counts, whatever minute they fell into. */
async function countsOf(database: Database, callerId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const row of await rowsOf(database)) {
    const key = `${row.method.split('/').at(-1)} ${row.reason}`;
    if (row.caller_id === callerId) counts[key] = (counts[key] ?? 0) + row.count;
  }
  return counts;
}

describe('over the wire', () => {
  test('what a person was refused is written down, folded, with who, from where and through which session', async () => {
    const app = await startTestApp();
    const { user: admin } = await createPerson(app.database, { role: ADMIN });
    const eve = await createPerson(app.database, { role: EDITOR, name: 'Eve', isFresh: false });
    const client = clientOf(eve, app);
    const rename = UpdateUserRequest.create({ id: admin.id, user: { name: 'Renamed' } });
    await Promise.allSettled([
      ...Array.from({ length: 5 }, () => client.updateUser(rename)),
      client.updateUser(UpdateUserRequest.create({ id: eve.user.id, user: { role: ADMIN } })),
      client.updateUser(UpdateUserRequest.create({ id: eve.user.id, user: { email: 'e@example.org' } })),
      client.deleteUser(DeleteUserRequest.create({ id: eve.user.id })),
      client.deleteUser(DeleteUserRequest.create({ id: crypto.randomUUID() })),
      client.createUser(CreateUserRequest.create({ name: '' })),
    ]);
    await app.app.stop();
    expect(await countsOf(app.database, eve.user.id)).toEqual({
      'UpdateUser TARGET_ABOVE_ROLE': 5,
      'UpdateUser ROLE_ABOVE_OWN': 1,
      'DeleteUser SELF_CHANGE_UNCONFIRMED': 1,
    });
    // The one that asks for a fresh sign-in is counted here alone.
    expect(await app.app.registry.getSingleMetricAsString('roster_rpc_calls_total')).toContain(
      'roster_rpc_calls_total{method="/userservice.v1.UserService/UpdateUser",code="PERMISSION_DENIED"} 7',
    );
    for (const row of await rowsOf(app.database)) {
      expect(row).toMatchObject({
        caller_id: eve.user.id,
        caller: 'Eve',
        session_id: eve.sessionId,
        token_id: null,
        address: '127.0.0.1',
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
  });

  test('so is what a program was refused, row by row of its loads, and the last admin it could not take away', async () => {
    const app = await startTestApp();
    const { user: admin } = await createPerson(app.database, { role: ADMIN });
    const token = await createTestToken(app.database, { role: EDITOR, scopes: ['users.write'] });
    const client = new UserServiceClient(transportOfProgram(token, app));
    const load = client.bulkCreateUsers();
    for (const role of [ADMIN, VIEWER, ADMIN]) {
      const email = `${crypto.randomUUID()}@example.org`;
      await load.requests.send(CreateUserRequest.create({ name: 'N', email, role }));
    }
    await load.requests.complete();
    await load;
    const syncing = client.syncUsers();
    await syncing.requests.send({ action: { oneofKind: 'deleteId', deleteId: admin.id } });
    await syncing.requests.send({ action: { oneofKind: 'upsert', upsert: User.create({ id: admin.id, name: 'X' }) } });
    await syncing.requests.complete();
    for await (const _ of syncing.responses);
    await Promise.allSettled([
      client.getUser({ id: admin.id }),
      app.client.deleteUser(DeleteUserRequest.create({ id: admin.id })),
    ]);
    await app.app.stop();
    expect(await countsOf(app.database, `token:${token.id}`)).toEqual({
      'BulkCreateUsers ROLE_ABOVE_OWN': 2,
      'SyncUsers TARGET_ABOVE_ROLE': 2,
      'GetUser SCOPE_MISSING': 1,
    });
    expect(await countsOf(app.database, `token:${app.token.id}`)).toEqual({ 'DeleteUser LAST_ADMIN': 1 });
  });

  test('nobody who is not known leaves a row', async () => {
    const app = await startTestApp();
    const strangers = [transportOfProgram({ text: 'ua_x' }, app), transportOfProgram({ text: '' }, app)];
    await Promise.allSettled(strangers.map((transport) => new UserServiceClient(transport).getUser({ id: '' })));
    await app.app.stop();
    expect(await rowsOf(app.database)).toEqual([]);
  });
});

const denied = permissionDenied('ROLE_TOO_LOW', 'Your role does not allow this.');
const callBy = (id: string, requestId = 'r'): RefusedCall => ({
  method: '/a.B/C',
  caller: { ...operator, id },
  requestId,
  address: '192.0.2.1',
});
const hour = 3_600_000;

function refusalsOver(database: Database, writeEveryMs = hour, clock = () => new Date(0)) {
  const errors: unknown[] = [];
  return { errors, ...createRefusals({ database, clock, writeEveryMs, onError: (error) => errors.push(error) }) };
}

describe('how often it writes', () => {
  test('the first refusal at once; those that follow are counted, and written when the pause or the server ends', async () => {
    const { database } = await openTestDatabase();
    const refusals = refusalsOver(database);
    refusals.note(callBy('eve', 'first'), denied);
    await expect.poll(() => rowsOf(database), { timeout: 10_000 }).toMatchObject([{ count: 1, request_id: 'first' }]);
    for (let count = 0; count < 1000; count += 1) refusals.note(callBy('eve', 'last'), denied);
    // By the time that another's is there, Eve's would be.
    refusals.note(callBy('mallory'), denied);
    await expect
      .poll(() => rowsOf(database), { timeout: 10_000 })
      .toMatchObject([{ count: 1, request_id: 'first' }, { count: 1 }]);
    await refusals.stop();
    expect(await rowsOf(database)).toMatchObject([{ caller_id: 'eve', count: 1001, request_id: 'last' }, { count: 1 }]);
  });

  test('after a pause it goes on by itself', async () => {
    const { database } = await openTestDatabase();
    const refusals = refusalsOver(database, 20);
    for (const count of [1, 2, 3]) {
      refusals.note(callBy('eve'), denied);
      await expect.poll(() => rowsOf(database), { timeout: 10_000 }).toMatchObject([{ count }]);
    }
    await refusals.stop();
  });

  test('each minute, caller, method and reason has its row', async () => {
    const { database } = await openTestDatabase();
    let now = 59_999;
    const refusals = refusalsOver(database, hour, () => new Date(now));
    refusals.note(callBy('eve'), denied);
    refusals.note(callBy('eve'), permissionDenied('SCOPE_MISSING', ''));
    refusals.note({ ...callBy('eve'), method: '/a.B/D' }, denied);
    now += 1;
    refusals.note(callBy('eve'), denied);
    await refusals.stop();
    const rows = await rowsOf(database);
    expect(rows.map(({ method, reason, count }) => [method, reason, count])).toEqual([
      ['/a.B/C', 'ROLE_TOO_LOW', 1],
      ['/a.B/C', 'SCOPE_MISSING', 1],
      ['/a.B/D', 'ROLE_TOO_LOW', 1],
      ['/a.B/C', 'ROLE_TOO_LOW', 1],
    ]);
    expect(rows.map((row) => 'minute' in row && row.minute)).toEqual([0, 0, 0, 60_000]);
  });

  test('two servers fold into one row', async () => {
    const { database } = await openTestDatabase();
    const servers = [refusalsOver(database), refusalsOver(database)];
    for (const { note } of servers) for (const id of ['a', 'b', 'c']) note(callBy(id), denied);
    await Promise.all(servers.map(({ stop }) => stop()));
    expect((await rowsOf(database)).map(({ caller_id: id, count }) => [id, count])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 2],
    ]);
  });

  test('memory is bounded: beyond a thousand folds at one time nothing is kept', async () => {
    const { database } = await openTestDatabase();
    const refusals = refusalsOver(database);
    for (let caller = 0; caller < 1500; caller += 1) refusals.note(callBy(`caller ${caller}`), denied);
    await refusals.stop();
    expect(await rowsOf(database)).toHaveLength(1000);
  });
});

test('a store that takes no rows fails no call, and nothing is lost', async () => {
  const { database } = await openTestDatabase();
  const refusals = refusalsOver(database, 20);
  const rename = (from: string, to: string) =>
    database.run(undefined, (connection) => connection.query(`alter table ${from} rename to ${to}`));
  await rename('refusals', 'elsewhere');
  const call = { ...callBy('eve'), method: { path: '/a.B/C', kind: 'unary' as const } };
  const onEnd = await refusals.interceptor({ ...noCall, ...call });
  expect(leave(onEnd ? [onEnd] : [], denied)).toBe(denied);
  await expect.poll(() => refusals.errors.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await rename('elsewhere', 'refusals');
  refusals.note(callBy('eve'), denied);
  await expect.poll(() => rowsOf(database), { timeout: 10_000 }).toMatchObject([{ count: 2 }]);
  await refusals.stop();
});

test('only refusals count: neither mistakes nor accidents, nor what the console sets right by asking anew, and of broken rules those that protect people', async () => {
  const { database } = await openTestDatabase();
  const refusals = refusalsOver(database);
  const broken = (type: string) => failedPrecondition({ type, subject: '', description: '' });
  for (const error of [
    invalidArgument([{ field: 'f', description: 'd', reason: 'REQUIRED' }]),
    unauthenticated('NOT_SIGNED_IN', ''),
    permissionDenied('FRESH_SIGN_IN_REQUIRED', ''),
    permissionDenied('RIGHTS_CHANGED', ''),
    broken('USER_DELETED'),
    new Error('anything'),
    undefined,
  ]) {
    refusals.note(callBy('eve'), error);
  }
  refusals.note(callBy('eve'), broken('LAST_ADMIN'));
  refusals.note(callBy('eve'), broken('SELF_CHANGE_UNCONFIRMED'));
  await refusals.stop();
  expect((await rowsOf(database)).map(({ reason }) => reason)).toEqual(['LAST_ADMIN', 'SELF_CHANGE_UNCONFIRMED']);
});

test('refusals are forgotten after 400 days', async () => {
  const { database } = await openTestDatabase();
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * hour);
  for (const days of [399, 401]) {
    const refusals = refusalsOver(database, hour, () => daysAgo(days));
    refusals.note(callBy(`${days} days ago`), denied);
    await refusals.stop();
  }
  await database.run(undefined, forgetRefusals);
  expect(await rowsOf(database)).toMatchObject([{ caller_id: '399 days ago' }]);
});

/** What the interceptor does not look at. */
const noCall = {
  signal: new AbortController().signal,
  deadline: undefined,
  peer: '',
  host: '',
  end: () => undefined,
  header: () => undefined,
  setHeader: () => undefined,
  setTrailer: () => undefined,
  metadata: () => [],
  addHeader: () => undefined,
  addTrailer: () => undefined,
};
