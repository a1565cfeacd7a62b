import { ChangeKind } from '@roster/proto/gen/roster/history/v1/history_service';
import { Address, User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { startTestApp } from '../../testing/test-app.ts';
import { clientOf, createPerson, transportOf } from '../../testing/test-people.ts';
import { failed } from '../users/testing/call-failure.ts';
import { createOne, read, remove, restore, update } from '../users/testing/user-calls.ts';
import { historyOf, listChanges, newestOf, revert } from './testing/history-calls.ts';

const everything = {
  name: 'After',
  role: UserRole.EDITOR,
  state: UserState.SUSPENDED,
  tags: ['b'],
  address: Address.create({ city: 'Paris' }),
  metadata: { added: 'x', changed: '2' },
};

test('an edit is taken back field by field, as a change of its own; later edits of other fields stay', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  const created = await createOne(app.client, {
    name: 'Before',
    tags: ['a'],
    address: Address.create({ city: 'Rome', street: 'S' }),
    metadata: { changed: '1', removed: 'r' },
  });
  const { id } = created;
  const edited = await update(app.client, { id, user: User.create(everything) });
  await update(app.client, { id, user: User.create({ email: 'later@example.org' }) });
  const reverted = await revert(history, { revision: edited.revision });
  const { updatedAt: _, revision: __, ...fields } = created;
  expect(reverted).toMatchObject({ ...fields, email: 'later@example.org' });
  expect(reverted.metadata).toEqual(created.metadata);
  expect(await read(app.client, id)).toEqual(reverted);
  const change = await newestOf(history, id);
  const first = (await listChanges(history, { userId: id })).changes.find(
    ({ revision }) => revision === edited.revision,
  );
  expect(change.kind).toBe(ChangeKind.UPDATED);
  expect(new Set(change.paths)).toEqual(new Set(first?.paths));
  expect([change.before, change.after]).toEqual([first?.after, first?.before]);
});

test('a deletion is taken back by restoring, a restoration by deleting', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  const { id } = await createOne(app.client);
  await remove(app.client, id);
  expect((await revert(history, { revision: (await newestOf(history, id)).revision })).deletedAt).toBeUndefined();
  const restoration = await newestOf(history, id);
  expect(restoration.kind).toBe(ChangeKind.UNDELETED);
  await update(app.client, { id, user: User.create({ name: 'Edited since' }) });
  expect((await revert(history, { revision: restoration.revision })).deletedAt).toBeDefined();
  expect(await newestOf(history, id)).toMatchObject({ kind: ChangeKind.DELETED });
});

test('a creation cannot be taken back', async () => {
  const app = await startTestApp();
  const created = await createOne(app.client);
  expect(await failed(revert(historyOf(app), { revision: created.revision }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'NOTHING_TO_REVERT',
    preconditions: ['NOTHING_TO_REVERT'],
  });
});

test('4. where one of the fields has changed since, nothing is taken back and the answer says who changed it; overwrite does it all the same', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  const ada = await createPerson(app.database, { name: 'Ada Byron', role: UserRole.ADMIN });
  const created = await createOne(app.client, { name: 'One', tags: ['a'] });
  const { id } = created;
  const edited = await update(app.client, { id, user: User.create({ name: 'Two', tags: ['b'] }) });
  const later = await update(clientOf(ada, app), { id, user: User.create({ name: 'Three' }) });
  const failure = await failed(revert(history, { revision: edited.revision }));
  expect(failure).toMatchObject({ code: 'ABORTED', reason: 'EDIT_CONFLICT' });
  expect(failure.conflict?.current).toEqual(later);
  expect(failure.conflict?.changes).toMatchObject([
    { path: 'name', revision: later.revision, actor: 'Ada Byron', before: { name: 'Two' }, after: { name: 'Three' } },
  ]);
  expect(await read(app.client, id)).toEqual(later);
  const reverted = await revert(history, { revision: edited.revision, overwrite: true });
  expect([reverted.name, reverted.tags]).toEqual(['One', ['a']]);
});

test('5. taking a change back conflicts with a deletion or restoration only where that is what it is about', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  const { id } = await createOne(app.client);
  await remove(app.client, id);
  const deletion = await newestOf(history, id);
  await restore(app.client, id);
  await remove(app.client, id);
  const again = await newestOf(history, id);
  const failure = await failed(revert(history, { revision: deletion.revision }));
  expect(failure).toMatchObject({ code: 'ABORTED', reason: 'EDIT_CONFLICT' });
  expect(failure.conflict?.changes).toMatchObject([{ path: 'deleted_at', revision: again.revision, actor: 'A test' }]);
  expect((await revert(history, { revision: deletion.revision, overwrite: true })).deletedAt).toBeUndefined();
  expect(await failed(revert(history, { revision: deletion.revision, overwrite: true }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'USER_NOT_DELETED',
  });
});

test('2. repeated under its request id a change is taken back once', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  const { id } = await createOne(app.client, { name: 'One' });
  const edited = await update(app.client, { id, user: User.create({ name: 'Two' }) });
  const request = { revision: edited.revision, requestId: crypto.randomUUID() };
  const answers = await Promise.all([revert(history, request), revert(history, request)]);
  expect(answers[0]).toEqual(answers[1]);
  expect((await listChanges(history, { userId: id })).changes).toHaveLength(3);
  expect((await failed(revert(history, { ...request, overwrite: true }))).violations).toEqual([
    'request_id REQUEST_ID_REUSED',
  ]);
});

test('what an edit may not do, taking back may not either: email taken since, rights, oneself', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  const ada = await createPerson(app.database, { name: 'Ada', role: UserRole.ADMIN });
  const eve = await createPerson(app.database, { name: 'Eve', role: UserRole.EDITOR });
  const { id, email } = await createOne(app.client);
  const moved = await update(app.client, { id, user: User.create({ email: 'moved@example.org' }) });
  await createOne(app.client, { email });
  expect(await failed(revert(history, { revision: moved.revision }))).toMatchObject({
    code: 'ALREADY_EXISTS',
    violations: ['email EMAIL_TAKEN'],
  });

  const demoted = await update(app.client, { id, user: User.create({ role: UserRole.EDITOR }) });
  const raised = await update(app.client, { id, user: User.create({ role: UserRole.ADMIN }) });
  const hers = historyOf({ transport: transportOf(eve, app) });
  expect(await failed(revert(hers, { revision: raised.revision }))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'TARGET_ABOVE_ROLE',
  });
  expect(await failed(revert(hers, { revision: demoted.revision }))).toMatchObject({ code: 'PERMISSION_DENIED' });

  // Eve has become an admin; taking that back herself asks her twice.
  await createPerson(app.database, { name: 'Root', role: UserRole.ADMIN });
  const adas = historyOf({ transport: transportOf(ada, app) });
  const suspended = await update(app.client, { id: ada.user.id, user: User.create({ name: 'Ada B.' }) });
  expect((await revert(adas, { revision: suspended.revision })).name).toBe('Ada');
  await update(app.client, { id: eve.user.id, user: User.create({ role: UserRole.ADMIN }) });
  const promotion = await newestOf(history, eve.user.id);
  const eves = historyOf({ transport: transportOf(eve, app) });
  expect(await failed(revert(eves, { revision: promotion.revision }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'SELF_CHANGE_UNCONFIRMED',
  });
  expect((await revert(eves, { revision: promotion.revision, confirmSelf: true })).role).toBe(UserRole.EDITOR);
});

test.each([
  ['revision REQUIRED', { revision: 0 }],
  ['revision OUT_OF_RANGE', { revision: -3 }],
  ['request_id UUID_INVALID', { revision: 1, requestId: 'x' }],
])('42. a mistake is named with its field: %s', async (violation, request) => {
  const app = await startTestApp();
  expect(await failed(revert(historyOf(app), request))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [violation],
  });
});

test('a change that is not there, or a deleted user, is said so', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  expect(await failed(revert(history, { revision: 999_999 }))).toMatchObject({
    code: 'NOT_FOUND',
    violations: ['revision NOT_FOUND'],
  });
  const { id } = await createOne(app.client);
  const edited = await update(app.client, { id, user: User.create({ name: 'Two' }) });
  await remove(app.client, id);
  expect(await failed(revert(history, { revision: edited.revision }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'USER_DELETED',
  });
});
