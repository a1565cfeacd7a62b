import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { DeleteUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { expect, test } from 'vitest';
import type { Database } from '../../database/database.ts';
import { frame, openRawCall } from '../../rpc/test-server.ts';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { browserHeaders, clientOf, createPerson, signInAgain } from '../../testing/test-people.ts';
import { untilSomebodyWaits } from '../../testing/until-somebody-waits.ts';
import { failed } from './testing/call-failure.ts';
import { known, read, sync, update } from './testing/user-calls.ts';

const { ADMIN, EDITOR, VIEWER } = UserRole;

/** What one of two admins may run into whom the other is taking the role from. */
const fairRefusals = [
  'LAST_ADMIN',
  'RIGHTS_CHANGED',
  'NOT_SIGNED_IN',
  'ROLE_TOO_LOW',
  'TARGET_ABOVE_ROLE',
  'NOT_FOUND',
  'USER_DELETED',
];

const edit = (client: UserServiceClient, id: string, user: Partial<User>) =>
  client.updateUser(UpdateUserRequest.create({ id, user: User.create(user), confirmSelf: true }));
const ways: readonly ((client: UserServiceClient, id: string) => PromiseLike<unknown>)[] = [
  (client, id) => edit(client, id, { role: EDITOR }),
  (client, id) => edit(client, id, { state: UserState.SUSPENDED }),
  (client, id) => client.deleteUser(DeleteUserRequest.create({ id, confirmSelf: true })),
  (client, id) => sync(client, [{ oneofKind: 'upsert', upsert: User.create({ id, role: VIEWER }) }]),
  (client, id) => sync(client, [{ oneofKind: 'deleteId', deleteId: id }]),
];

const isAdmin = 'role = 1 and state = 1 and deleted_at is null and can_sign_in(id)';

async function adminIds(database: Database): Promise<string[]> {
  const rows = await database.run(undefined, (connection) =>
    connection.query<{ id: string }>(`select id from users where ${isAdmin}`),
  );
  return rows.map(({ id }) => id);
}

/** Reads the history as it was written, and says how few admins there ever were. */
async function fewestAdmins(database: Database): Promise<number> {
  const changes = await database.run(undefined, (connection) =>
    connection.query<{ user_id: string; after: Buffer }>(
      `select user_id, after from changes c where can_sign_in(user_id) order by revision`,
    ),
  );
  const admins = new Set<string>();
  let fewest = Number.POSITIVE_INFINITY;
  for (const { user_id: id, after } of changes) {
    const { role, state, deletedAt } = User.fromBinary(after);
    const hadAdmins = admins.size > 0;
    if (role === ADMIN && state === UserState.ACTIVE && !deletedAt) admins.add(id);
    else admins.delete(id);
    if (hadAdmins) fewest = Math.min(fewest, admins.size);
  }
  return fewest;
}

test('7. two admins take each other and themselves away, 50 calls at once on two servers: one is left, always', async () => {
  const one = await startTestApp();
  const two = await startTestApp({ databaseUrl: one.databaseUrl, token: one.token });
  await createPerson(one.database, { role: ADMIN });
  for (let round = 0; round < 6; round += 1) {
    const [left = ''] = await adminIds(one.database);
    const ada = await sessionOf(one, left);
    const bob = await createPerson(one.database, { role: ADMIN });
    const clients = [one, two].flatMap((app) => [clientOf(ada, app), clientOf(bob, app), app.client]);
    const calls = Array.from({ length: 50 }, (_, index) => {
      const target = index % 2 === 0 ? ada.user.id : bob.user.id;
      const client = known(clients[(index * 7 + round) % clients.length]);
      return known(ways[(index * 3 + round) % ways.length])(client, target);
    });
    const outcomes = await Promise.allSettled(calls);
    const refusals = await Promise.all(
      outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [failed(Promise.reject(outcome.reason))] : [])),
    );
    for (const { reason } of refusals) expect(fairRefusals).toContain(reason);
    expect(await adminIds(one.database)).toHaveLength(1);
  }
  expect(await fewestAdmins(one.database)).toBe(1);
});

test('7. of ten admins who demote all others at one time exactly one is left', async () => {
  const app = await startTestApp();
  const admins = await Promise.all(Array.from({ length: 10 }, () => createPerson(app.database, { role: ADMIN })));
  const clients = admins.map((admin) => clientOf(admin, app));
  const calls = clients.flatMap((client, from) =>
    admins.filter((_, to) => to !== from).map(({ user }) => edit(client, user.id, { role: VIEWER })),
  );
  await Promise.allSettled(calls);
  expect(await adminIds(app.database)).toHaveLength(1);
});

test('7. an admin whose role is being taken takes nobody’s any more, though a third would be left', async () => {
  const app = await startTestApp();
  await createPerson(app.database, { role: ADMIN });
  for (let round = 0; round < 10; round += 1) {
    const ada = await createPerson(app.database, { role: ADMIN });
    const bob = await createPerson(app.database, { role: ADMIN });
    const outcomes = await Promise.allSettled([
      edit(clientOf(ada, app), bob.user.id, { role: VIEWER }),
      edit(clientOf(bob, app), ada.user.id, { role: VIEWER }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  }
});

test('a deadlock around the guard ends in a repetition, not in an error', async () => {
  const app = await startTestApp();
  const [ada] = [await createPerson(app.database, { role: ADMIN }), await createPerson(app.database, { role: ADMIN })];
  const { database: other } = await openTestDatabase({ url: app.databaseUrl });
  let demotion: Promise<User> | undefined;
  await other.transaction(undefined, async (connection) => {
    // The other one finds the deadlock, and is the one that PostgreSQL rolls back.
    await connection.query(`set local deadlock_timeout = '1min'`);
    await connection.query('select from admin_guard for update');
    demotion = update(app.client, { id: ada.user.id, user: { role: VIEWER } });
    await untilSomebodyWaits(connection);
    await connection.query('select from users where id = $1 for update', [ada.user.id]);
  });
  expect((await demotion)?.role).toBe(VIEWER);
  expect(await countOf(app, `select deadlocks as count from pg_stat_database where datname = current_database()`)).toBe(
    1,
  );
});

test('the target is judged as it is when its row is locked: promoted meanwhile, it is out of an editor’s reach', async () => {
  const app = await startTestApp();
  const editor = clientOf(await createPerson(app.database, { role: EDITOR }), app);
  const { user } = await createPerson(app.database, { role: VIEWER });
  const { database: other } = await openTestDatabase({ url: app.databaseUrl });
  let renaming: PromiseLike<unknown> = Promise.resolve();
  await other.transaction(undefined, async (connection) => {
    await connection.query('update users set role = 1 where id = $1', [user.id]);
    renaming = edit(editor, user.id, { name: 'Renamed' });
    await untilSomebodyWaits(connection);
  });
  expect((await failed(renaming)).reason).toBe('TARGET_ABOVE_ROLE');
  expect((await read(app.client, user.id)).name).toBe(user.name);
});

test('a request that comes long after its headers finds the rights that its caller has then', async () => {
  const app = await startTestApp();
  await createPerson(app.database, { role: ADMIN });
  const ada = await createPerson(app.database, { role: ADMIN });
  const { user } = await createPerson(app.database);
  const call = await openCallOf(app, ada.sessionId, browserHeaders(ada, `http://127.0.0.1:${app.app.port}`));
  await update(app.client, { id: ada.user.id, user: { role: EDITOR } });
  const message = UpdateUserRequest.toBinary(UpdateUserRequest.create({ id: user.id, user: { role: ADMIN } }));
  call.stream.end(frame(message));
  const { 'grpc-status': code } = await call.status;
  expect(Number(code)).toBe(7);
  expect((await read(app.client, user.id)).role).toBe(VIEWER);
});

/** Opens a call without its message, and waits until the server has found out who calls: it notes the session's activity then. */
async function openCallOf(app: TestApp, sessionId: string, headers: Readonly<Record<string, string>>) {
  const activity = `select extract(epoch from now() - last_active_at) as count from sessions where id = '${sessionId}'`;
  await app.database.run(undefined, (connection) =>
    connection.query(`update sessions set last_active_at = now() - interval '10 minutes' where id = $1`, [sessionId]),
  );
  const { authority, ...more } = { authority: `127.0.0.1:${app.app.port}`, ...headers };
  const call = openRawCall(app.app.port, '/userservice.v1.UserService/UpdateUser', {
    ':authority': authority,
    ...more,
  });
  await expect.poll(() => countOf(app, activity).then(Number), { timeout: 10_000 }).toBeLessThan(60);
  return call;
}

async function sessionOf(app: TestApp, userId: string) {
  const user = await read(app.client, userId);
  return signInAgain(app.database, { user, sessionId: '', cookie: '' });
}

async function countOf({ database }: TestApp, query: string): Promise<number> {
  const [row] = await database.run(undefined, (connection) => connection.query<{ count: number }>(query));
  return known(row).count;
}

test('a suspended person whose rights come back must sign in anew', async () => {
  const app = await startTestApp();
  const ada = await createPerson(app.database, { role: EDITOR });
  const client = clientOf(ada, app);
  await read(client, ada.user.id);
  await update(app.client, { id: ada.user.id, user: { state: UserState.SUSPENDED } });
  await update(app.client, { id: ada.user.id, user: { state: UserState.ACTIVE } });
  expect((await failed(read(client, ada.user.id))).reason).toBe('NOT_SIGNED_IN');
});
