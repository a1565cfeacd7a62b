import { RevertUserChangeRequest } from '@roster/proto/gen/roster/history/v1/history_service';
import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { DeleteUserRequest, type SyncRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../database/database.ts';
import { createTestToken, startTestApp } from '../../testing/test-app.ts';
import { clientOf, createPerson, transportOfProgram } from '../../testing/test-people.ts';
import { type CallFailure, describeStatus, failed } from './testing/call-failure.ts';
import { known, read, remove, sync, update } from './testing/user-calls.ts';

const { ADMIN, EDITOR, VIEWER } = UserRole;

/** Every way to take an admin away. */
const ways: Readonly<Record<string, (client: UserServiceClient, id: string) => PromiseLike<unknown>>> = {
  'demoting to editor': (client, id) => edit(client, id, { role: EDITOR }),
  'demoting to viewer': (client, id) => edit(client, id, { role: VIEWER }),
  suspending: (client, id) => edit(client, id, { state: UserState.SUSPENDED }),
  deleting: (client, id) => client.deleteUser(DeleteUserRequest.create({ id, confirmSelf: true })),
  'demoting by sync': (client, id) => syncOne(client, upsert({ id, role: EDITOR })),
  'suspending by sync': (client, id) => syncOne(client, upsert({ id, state: UserState.SUSPENDED })),
  'deleting by sync': (client, id) => syncOne(client, { oneofKind: 'deleteId', deleteId: id }),
};

function edit(client: UserServiceClient, id: string, user: Partial<User>): PromiseLike<unknown> {
  return client.updateUser(UpdateUserRequest.create({ id, user: User.create(user), confirmSelf: true }));
}

const upsert = (user: Partial<User>): SyncRequest['action'] => ({ oneofKind: 'upsert', upsert: User.create(user) });

class RowFailure extends Error {
  readonly failure: CallFailure;
  constructor(failure: CallFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

async function syncOne(client: UserServiceClient, action: SyncRequest['action']): Promise<void> {
  const [answer] = await sync(client, [action]);
  if (answer?.error) throw new RowFailure(describeStatus(answer.error));
}

async function refusal(call: PromiseLike<unknown>) {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'rejected' && outcome.reason instanceof RowFailure) return outcome.reason.failure;
  return failed(call);
}

/** Admins who can sign in, as the store has them. */
async function countAdmins(database: Database): Promise<number> {
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ count: number }>(
      `select count(*) as count from users where role = 1 and state = 1 and deleted_at is null and can_sign_in(id)`,
    ),
  );
  return known(row).count;
}

describe('the last admin who can sign in stays', () => {
  test.each(Object.entries(ways))('7. %s is refused', async (_way, take) => {
    const { client, database } = await startTestApp();
    const ada = await createPerson(database, { role: ADMIN });
    // None of these is an admin who can sign in.
    await createPerson(database, { role: ADMIN, canSignIn: false });
    await createPerson(database, { role: ADMIN, state: UserState.SUSPENDED });
    await createPerson(database, { role: EDITOR });
    const gone = await createPerson(database, { role: ADMIN });
    await remove(client, gone.user.id);
    expect(await refusal(take(client, ada.user.id))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'LAST_ADMIN',
      preconditions: ['LAST_ADMIN'],
    });
    expect(await read(client, ada.user.id)).toEqual(ada.user);
  });

  test.each(Object.entries(ways))('7. with another, %s goes well', async (_way, take) => {
    const { client, database } = await startTestApp();
    const ada = await createPerson(database, { role: ADMIN });
    await createPerson(database, { role: ADMIN });
    await take(client, ada.user.id);
    expect(await countAdmins(database)).toBe(1);
  });

  test.each(Object.entries(ways))('7. a record that merely has the role may go: %s', async (_way, take) => {
    const { client, database } = await startTestApp();
    await createPerson(database, { role: ADMIN });
    const record = await createPerson(database, { role: ADMIN, canSignIn: false });
    await take(client, record.user.id);
    expect(await read(client, record.user.id)).not.toEqual(record.user);
  });

  test('7. taking back what made the last admin one is refused', async () => {
    const app = await startTestApp();
    const { user } = await createPerson(app.database, { role: EDITOR });
    const promoted = await update(app.client, { id: user.id, user: { role: ADMIN } });
    const history = new HistoryServiceClient(app.transport);
    const call = history.revertUserChange(RevertUserChangeRequest.create({ revision: promoted.revision }));
    expect((await failed(call)).reason).toBe('LAST_ADMIN');
    expect(await read(app.client, user.id)).toEqual(promoted);
  });

  test('the refusal names the user', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN });
    const failure = await failed(edit(clientOf(ada, app), ada.user.id, { role: VIEWER }));
    expect(failure.subjects).toEqual([ada.user.id]);
  });

  test('what takes no admin away is free: other fields of the last admin', async () => {
    const { client, database } = await startTestApp();
    const ada = await createPerson(database, { role: ADMIN });
    const changed = await update(client, { id: ada.user.id, user: { name: 'Ada', tags: ['last'] } });
    expect(changed).toMatchObject({ name: 'Ada', tags: ['last'] });
  });
});

describe('nobody shuts themselves out without a second step', () => {
  const selfWays: Readonly<
    Record<string, (client: UserServiceClient, id: string, confirmSelf: boolean) => PromiseLike<unknown>>
  > = {
    demoting: (client, id, confirmSelf) =>
      client.updateUser(UpdateUserRequest.create({ id, user: { role: VIEWER }, confirmSelf })),
    suspending: (client, id, confirmSelf) =>
      client.updateUser(UpdateUserRequest.create({ id, user: { state: UserState.SUSPENDED }, confirmSelf })),
    deleting: (client, id, confirmSelf) => client.deleteUser(DeleteUserRequest.create({ id, confirmSelf })),
  };
  const unconfirmed = { code: 'FAILED_PRECONDITION', reason: 'SELF_CHANGE_UNCONFIRMED' };

  describe.each([ADMIN, EDITOR])('with role %s', (role) => {
    test.each(Object.entries(selfWays))('8. %s oneself asks for it', async (_way, change) => {
      const app = await startTestApp();
      await createPerson(app.database, { role: ADMIN });
      const me = await createPerson(app.database, { role });
      const client = clientOf(me, app);
      expect(await failed(change(client, me.user.id, false))).toMatchObject(unconfirmed);
      expect(await read(app.client, me.user.id)).toEqual(me.user);
      await change(client, me.user.id, true);
      expect(await read(app.client, me.user.id)).not.toEqual(me.user);
    });

    test.each(Object.entries(selfWays))('8. %s somebody else asks for none', async (_way, change) => {
      const app = await startTestApp();
      const me = await createPerson(app.database, { role });
      const other = await createPerson(app.database, { role: EDITOR });
      await change(clientOf(me, app), other.user.id, false);
      expect(await read(app.client, other.user.id)).not.toEqual(other.user);
    });
  });

  test('8. a sync has no second step: rows that are about its own caller fail', async () => {
    const app = await startTestApp();
    await createPerson(app.database, { role: ADMIN });
    const me = await createPerson(app.database, { role: ADMIN });
    const own = [
      upsert({ id: me.user.id, role: EDITOR }),
      upsert({ id: me.user.id, state: UserState.SUSPENDED }),
      { oneofKind: 'deleteId', deleteId: me.user.id } as const,
    ];
    const answers = await sync(clientOf(me, app), [...own, upsert({ id: me.user.id, name: 'Me' })]);
    expect(answers.map(({ error }) => error && describeStatus(error).reason)).toEqual([
      ...own.map(() => unconfirmed.reason),
      undefined,
    ]);
  });

  test('8. one’s own program is oneself', async () => {
    const app = await startTestApp();
    await createPerson(app.database, { role: ADMIN });
    const me = await createPerson(app.database, { role: ADMIN });
    const token = await createTestToken(app.database, { ownerId: me.user.id });
    const client = new UserServiceClient(transportOfProgram(token, app));
    expect(await failed(remove(client, me.user.id))).toMatchObject(unconfirmed);
  });

  test('8. what takes no rights away asks for none', async () => {
    const app = await startTestApp();
    const me = await createPerson(app.database, { role: EDITOR });
    expect((await update(clientOf(me, app), { id: me.user.id, user: { name: 'Me' } })).name).toBe('Me');
  });

  test('7. the last admin cannot, not even with it', async () => {
    const app = await startTestApp();
    const me = await createPerson(app.database, { role: ADMIN });
    for (const change of Object.values(selfWays)) {
      expect((await failed(change(clientOf(me, app), me.user.id, true))).reason).toBe('LAST_ADMIN');
    }
  });
});
