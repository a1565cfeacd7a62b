import { ChangeKind, type UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { Address, User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { createTestToken, startTestApp } from '../../testing/test-app.ts';
import { clientOf, createPerson, transportOf, transportOfProgram } from '../../testing/test-people.ts';
import { failed } from '../users/testing/call-failure.ts';
import { bulkCreate, createOne, known, remove, restore, someone, update } from '../users/testing/user-calls.ts';
import { historyOf, listChanges, walkChanges } from './testing/history-calls.ts';

test('9. the history lists each change, the newest first, with who made it and only what changed', async () => {
  const app = await startTestApp();
  const ada = await createPerson(app.database, { name: 'Ada Byron', role: UserRole.ADMIN });
  const hers = clientOf(ada, app);
  const created = await createOne(hers, { name: 'Before', tags: ['a'], metadata: { team: 'x', kept: 'k' } });
  const { id } = created;
  const edit = { role: UserRole.ADMIN, name: 'After', metadata: { team: 'y', kept: 'k' }, address: { city: 'Paris' } };
  const edited = await update(hers, { id, user: User.create({ ...edit, address: Address.create(edit.address) }) });
  await remove(app.client, id);
  const restored = await restore(app.client, id);
  const { changes, nextPageToken } = await listChanges(historyOf(app), { userId: id });
  expect(nextPageToken).toBe('');
  expect(changes.map(({ kind, paths, userName }) => [kind, paths, userName])).toEqual([
    [ChangeKind.UNDELETED, [], 'After'],
    [ChangeKind.DELETED, [], 'After'],
    [ChangeKind.UPDATED, ['name', 'role', 'address.city', 'metadata.team'], 'After'],
    [ChangeKind.CREATED, [], 'Before'],
  ]);
  const [undeletion, deletion, update1, creation] = changes.map(known);
  expect(creation).toMatchObject({ revision: created.revision, after: created });
  expect(creation?.before).toBeUndefined();
  expect(creation?.actor).toMatchObject({
    id: ada.user.id,
    name: 'Ada Byron',
    sessionId: ada.sessionId,
    tokenId: '',
    address: '127.0.0.1',
  });
  expect(update1?.before).toEqual(
    User.create({ name: 'Before', role: UserRole.VIEWER, address: Address.create(), metadata: { team: 'x' } }),
  );
  expect(update1?.after).toEqual(
    User.create({
      name: 'After',
      role: UserRole.ADMIN,
      address: Address.create({ city: 'Paris' }),
      metadata: { team: 'y' },
    }),
  );
  expect(update1?.revision).toBe(edited.revision);
  expect(deletion?.actor).toMatchObject({
    id: `token:${app.token.id}`,
    name: 'A test',
    tokenId: app.token.id,
    sessionId: '',
  });
  expect(deletion?.before).toEqual(User.create());
  expect(deletion?.after?.deletedAt).toBeDefined();
  expect(undeletion?.before).toEqual(deletion?.after);
  expect(undeletion).toMatchObject({ revision: restored.revision, after: User.create() });
});

test('who became an admin since a moment is one question', async () => {
  const app = await startTestApp();
  const born = await createOne(app.client, { role: UserRole.ADMIN });
  const raised = await createOne(app.client);
  const stays = await createOne(app.client, { role: UserRole.ADMIN });
  await update(app.client, { id: raised.id, user: User.create({ role: UserRole.ADMIN }) });
  await update(app.client, { id: stays.id, user: User.create({ name: 'Renamed' }) });
  await update(app.client, { id: born.id, user: User.create({ role: UserRole.EDITOR }) });
  const since = known(raised.createdAt);
  const { changes } = await listChanges(historyOf(app), { roleGiven: UserRole.ADMIN, since });
  expect(changes.map(({ userId, kind }) => [userId, kind])).toEqual([
    [raised.id, ChangeKind.UPDATED],
    [stays.id, ChangeKind.CREATED],
    ...(since.nanos === born.createdAt?.nanos && since.seconds === born.createdAt.seconds
      ? [[born.id, ChangeKind.CREATED]]
      : []),
  ]);
});

test('a page of large changes comes in several messages, none over the limit', async () => {
  const app = await startTestApp();
  const metadata = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, 'x'.repeat(1000)]));
  await bulkCreate(
    app.client,
    Array.from({ length: 12 }, () => someone({ metadata })),
  );
  const call = historyOf(app).listUserChanges({
    pageSize: 11,
    pageToken: '',
    userId: '',
    actorId: '',
    kind: 0,
    path: '',
    roleGiven: 0,
    watch: false,
    revision: 0,
  });
  const sizes: number[] = [];
  const tokens: string[] = [];
  const ends: boolean[] = [];
  const changes: UserChange[] = [];
  for await (const message of call.responses) {
    sizes.push(message.changes.reduce((sum, change) => sum + JSON.stringify(change.after?.metadata).length, 0));
    tokens.push(message.nextPageToken);
    ends.push(message.endsPage);
    changes.push(...message.changes);
  }
  expect(changes).toHaveLength(11);
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
  expect(tokens.findIndex((token) => token !== '')).toBe(tokens.length - 1);
  expect(ends).toEqual(tokens.map((_, index) => index === tokens.length - 1));
});

test('while others write, a walk shows each change that was there before once, in order', async () => {
  const app = await startTestApp();
  const users = await Promise.all(Array.from({ length: 10 }, () => createOne(app.client)));
  for (const [round, { id }] of [...users, ...users].entries()) {
    await update(app.client, { id, user: User.create({ name: `R${round}` }) });
  }
  const history = historyOf(app);
  const before = (await listChanges(history, { pageSize: 200 })).changes.map(({ revision }) => revision);
  expect(before).toHaveLength(30);
  let round = 0;
  const walked = await walkChanges(history, { pageSize: 4 }, async () => {
    round += 1;
    await update(app.client, { id: known(users[round % 10]).id, user: User.create({ state: (round % 2) + 1 }) });
    await createOne(app.client);
  });
  expect(walked.map(({ revision }) => revision)).toEqual(before);
  expect(round).toBe(8);
});

test('a viewer reads no history, an editor does, and a program only with the scope for it', async () => {
  const app = await startTestApp();
  const [viewer, editor] = [
    await createPerson(app.database),
    await createPerson(app.database, { role: UserRole.EDITOR }),
  ];
  const ask = (transport: Parameters<typeof historyOf>[0]['transport']) => listChanges(historyOf({ transport }));
  expect(await failed(ask(transportOf(viewer, app)))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'ROLE_TOO_LOW',
  });
  expect((await ask(transportOf(editor, app))).changes).toHaveLength(2);
  const reader = await createTestToken(app.database, { scopes: ['users.read', 'users.write'] });
  expect(await failed(ask(transportOfProgram(reader, app)))).toMatchObject({ reason: 'SCOPE_MISSING' });
});

const stored = { seconds: '0', nanos: 0 };
test.each([
  ['page_size OUT_OF_RANGE', { pageSize: -1 }],
  ['revision OUT_OF_RANGE', { revision: -1 }],
  ['user_id UUID_INVALID', { userId: 'ada' }],
  ['actor_id ID_INVALID', { actorId: 'a\0' }],
  ['actor_id ID_INVALID', { actorId: 'a'.repeat(1000) }],
  ['kind VALUE_UNKNOWN', { kind: 9 as ChangeKind }],
  ['path PATH_UNKNOWN', { path: 'nose' }],
  ['path PATH_UNKNOWN', { path: 'revision' }],
  ['path PATH_UNKNOWN', { path: 'metadata.`a\0`' }],
  ['role_given VALUE_UNKNOWN', { roleGiven: -1 as UserRole }],
  ['since OUT_OF_RANGE', { since: { ...stored, nanos: -1 } }],
  ['until OUT_OF_RANGE', { until: { ...stored, seconds: '9223372036854775807' } }],
  ['page_token PAGE_TOKEN_INVALID', { pageToken: 'x' }],
  ['page_token NOT_WITH_WATCH', { pageToken: 'x', watch: true }],
])('42. a mistake is named with its field: %s', async (violation, request) => {
  const app = await startTestApp();
  const failure = await failed(listChanges(historyOf(app), request));
  expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [violation] });
  expect(failure.message).not.toMatch(/select|changes c|\.ts|postgres/i);
});

test('40. a page token that was altered, or belongs to another filter or list, is refused', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  await Promise.all(Array.from({ length: 3 }, () => createOne(app.client)));
  const { nextPageToken } = await listChanges(history, { pageSize: 1 });
  expect((await listChanges(history, { pageSize: 2, pageToken: nextPageToken })).changes).toHaveLength(2);
  const altered = `${nextPageToken.startsWith('A') ? 'B' : 'A'}${nextPageToken.slice(1)}`;
  const ask = (request: Parameters<typeof listChanges>[1]) => failed(listChanges(history, request));
  expect((await ask({ pageToken: altered })).violations).toEqual(['page_token PAGE_TOKEN_INVALID']);
  const other = { kind: ChangeKind.CREATED, pageToken: nextPageToken };
  expect((await ask(other)).violations).toEqual(['page_token PAGE_TOKEN_OTHER_QUERY']);
  const users = app.client.listUsers({
    pageSize: 1,
    pageToken: nextPageToken,
    filter: '',
    orderBy: '',
    skip: 0,
    watch: false,
    envelope: false,
    resumeToken: '',
    showDeleted: false,
  });
  expect((await failed(users.status)).violations).toEqual(['page_token PAGE_TOKEN_INVALID']);
});

test('states and roles of one edit are found by the path of each, and by the field of a leaf', async () => {
  const app = await startTestApp();
  const { id } = await createOne(app.client);
  await update(app.client, {
    id,
    user: User.create({ address: Address.create({ postalCode: '1' }), state: UserState.SUSPENDED }),
  });
  await update(app.client, { id, user: User.create({ metadata: { team: 'x', 'A.b': 'y' } }) });
  const countOf = async (path: string) => (await listChanges(historyOf(app), { path })).changes.length;
  expect(await countOf('address')).toBe(1);
  expect(await countOf('address.postal_code')).toBe(1);
  expect(await countOf('address.city')).toBe(0);
  expect(await countOf('state')).toBe(1);
  expect(await countOf('metadata')).toBe(1);
  expect(await countOf('metadata.team')).toBe(1);
  expect(await countOf('metadata.`team`')).toBe(1);
  expect(await countOf('metadata.`A.b`')).toBe(1);
  expect(await countOf('metadata.A')).toBe(0);
});
