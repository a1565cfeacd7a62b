import { User, UserFeed, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { type SyncRequest, type SyncResponse, SyncStatus } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { startTestApp } from '../../testing/test-app.ts';
import { describeStatus } from './testing/call-failure.ts';
import { createOne, known, list, read, remove, sync } from './testing/user-calls.ts';

type Action = SyncRequest['action'];
const upsert = (fields: Parameters<typeof User.create>[0]): Action => ({
  oneofKind: 'upsert',
  upsert: User.create(fields),
});
const deletion = (deleteId: string): Action => ({ oneofKind: 'deleteId', deleteId });
const why = (answer: SyncResponse | undefined) => {
  const { code, violations, preconditions } = describeStatus(known(answer?.error));
  return [code, ...violations, ...preconditions];
};

test('each action is answered with its status, in order', async () => {
  const { client } = await startTestApp();
  const ada = await createOne(client, { name: 'Ada', tags: ['a'] });
  const gone = await createOne(client);
  const id = crypto.randomUUID();
  const answers = await sync(client, [
    upsert({ id: ada.id, role: UserRole.ADMIN }),
    upsert({ id, name: 'New', email: 'new@example.org', role: UserRole.VIEWER }),
    upsert({ id: id.toUpperCase(), name: 'Newer' }),
    upsert({ name: 'Nameless', email: 'no-id@example.org', role: UserRole.VIEWER }),
    deletion(gone.id),
    deletion(gone.id),
    deletion('42'),
    upsert({ name: 'Nobody' }),
    { oneofKind: undefined },
  ]);
  const { CREATED, UPDATED, DELETED, FAILED } = SyncStatus;
  expect(answers.map(({ status }) => status)).toEqual([
    UPDATED,
    CREATED,
    UPDATED,
    CREATED,
    DELETED,
    FAILED,
    FAILED,
    FAILED,
    FAILED,
  ]);
  expect(answers.slice(0, 3).map((answer) => answer.id)).toEqual([ada.id, id, id]);
  expect(answers.slice(4, 7).map((answer) => answer.id)).toEqual([gone.id, gone.id, '42']);
  expect(answers.slice(5).map(why)).toEqual([
    ['NOT_FOUND', 'delete_id NOT_FOUND'],
    ['INVALID_ARGUMENT', 'delete_id ID_INVALID'],
    ['INVALID_ARGUMENT', 'upsert.email REQUIRED', 'upsert.role ROLE_UNKNOWN'],
    ['INVALID_ARGUMENT', 'action REQUIRED'],
  ]);
  expect(await read(client, ada.id)).toMatchObject({ name: 'Ada', role: UserRole.ADMIN, tags: ['a'] });
  expect(await read(client, id)).toMatchObject({ name: 'Newer', email: 'new@example.org' });
  expect((await list(client)).totalSize).toBe(3);
});

test('a deleted id fails, and stays deleted', async () => {
  const { client } = await startTestApp();
  const { id } = await createOne(client);
  await remove(client, id);
  const [answer] = await sync(client, [upsert({ id, name: 'Back', email: 'back@example.org', role: UserRole.VIEWER })]);
  expect(answer).toMatchObject({ id, status: SyncStatus.FAILED });
  expect(why(answer)).toEqual(['FAILED_PRECONDITION', 'USER_DELETED']);
  expect((await read(client, id)).deletedAt).toBeDefined();
});

test('an email never finds a user', async () => {
  const { client } = await startTestApp();
  const ada = await createOne(client, { email: 'ada@example.org' });
  const same = { name: 'Other', email: 'ADA@example.org', role: UserRole.VIEWER };
  const answers = await sync(client, [upsert(same), upsert({ ...same, id: crypto.randomUUID() })]);
  expect(answers.map(why)).toEqual([
    ['ALREADY_EXISTS', 'upsert.email EMAIL_TAKEN'],
    ['ALREADY_EXISTS', 'upsert.email EMAIL_TAKEN'],
  ]);
  expect(await read(client, ada.id)).toEqual(ada);
});

test('an upsert with a feed fails on it', async () => {
  const { client } = await startTestApp();
  const [answer] = await sync(client, [upsert({ name: 'A', feed: UserFeed.create() })]);
  expect(why(answer)).toEqual(['INVALID_ARGUMENT', 'upsert.feed FIELD_SERVER_OWNED']);
});

test('upserts of one new id from many streams at once never fail: one creates, the others change', async () => {
  const { client } = await startTestApp();
  const id = crypto.randomUUID();
  const action = upsert({ id, name: 'New', email: 'new@example.org', role: UserRole.VIEWER });
  const answers = (await Promise.all(Array.from({ length: 10 }, () => sync(client, [action])))).flat();
  expect(answers.filter(({ status }) => status === SyncStatus.CREATED)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === SyncStatus.UPDATED)).toHaveLength(9);
});

test('an answer comes before the next action is sent', async () => {
  const { client } = await startTestApp();
  const call = client.syncUsers();
  const answers = call.responses[Symbol.asyncIterator]();
  for (const name of ['a', 'b', 'c']) {
    await call.requests.send({ action: upsert({ name, email: `${name}@example.org`, role: UserRole.VIEWER }) });
    const { value } = await answers.next();
    expect(value.status).toBe(SyncStatus.CREATED);
  }
  await call.requests.complete();
  expect((await answers.next()).done).toBe(true);
});
