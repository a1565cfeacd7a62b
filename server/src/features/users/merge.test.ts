import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../database/database.ts';
import { openTestApp } from '../../testing/test-app.ts';
import { failed } from './testing/call-failure.ts';
import { createOne, known, read, remove, restore, update } from './testing/user-calls.ts';

let client: UserServiceClient;
let database: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ client, database, close } = await openTestApp());
});
afterAll(() => close());

type Patch = NonNullable<NonNullable<Parameters<typeof update>[1]>['user']>;

/** Makes a user, edits it, and says how to edit it a second time upon the first state. */
async function stale(first: Patch, firstPaths: string[]) {
  const base = await createOne(client, {
    name: 'Ada',
    metadata: { a: '1', b: '2' },
    tags: ['x'],
    address: { city: 'C' },
  });
  const theirs = await update(client, { id: base.id, user: first, updateMask: { paths: firstPaths } });
  return {
    base,
    theirs,
    upon: (user: Patch, paths: string[]) =>
      update(client, { id: base.id, user, updateMask: { paths }, baseRevision: base.revision }),
  };
}

test.each<readonly [string, Patch, string[], Patch, string[]]>([
  ['name and role', { name: 'B' }, ['name'], { role: UserRole.ADMIN }, ['role']],
  ['two metadata keys', { metadata: { a: '9' } }, ['metadata.a'], { metadata: { b: '9' } }, ['metadata.b']],
  ['a removed key and another', {}, ['metadata.a'], { metadata: { b: '9' } }, ['metadata.b']],
  ['two address lines', { address: { city: 'B' } }, ['address.city'], { address: { street: 'S' } }, ['address.street']],
  ['tags and the email', { tags: [] }, ['tags'], { email: `${crypto.randomUUID()}@example.org` }, ['email']],
])('5. edits of %s upon one base both stand', async (_, first, firstPaths, second, secondPaths) => {
  const { base, theirs, upon } = await stale(first, firstPaths);
  const after = await upon(second, secondPaths);
  expect(after.revision).toBeGreaterThan(theirs.revision);
  const again = await update(client, { id: base.id, user: first, updateMask: { paths: firstPaths } });
  expect(again).toEqual(after);
});

test.each<readonly [string, Patch, string[], Patch, string[], string[]]>([
  ['the same field', { name: 'B' }, ['name'], { name: 'C' }, ['name'], ['name']],
  [
    'the same metadata key',
    { metadata: { a: '8' } },
    ['metadata.a'],
    { metadata: { a: '9' } },
    ['metadata.a'],
    ['metadata.a'],
  ],
  ['a key that was removed', {}, ['metadata.a'], { metadata: { a: '9' } }, ['metadata.a'], ['metadata.a']],
  [
    'the whole map, of which a key was removed',
    {},
    ['metadata.a'],
    { metadata: { b: '9' } },
    ['metadata'],
    ['metadata.a'],
  ],
  [
    'a key, where the whole map was replaced',
    { metadata: { b: '2' } },
    ['metadata'],
    {},
    ['metadata.a'],
    ['metadata.a'],
  ],
  [
    'the whole address, of which a line changed',
    { address: { city: 'B' } },
    ['address.city'],
    { address: {} },
    ['address'],
    ['address.city'],
  ],
  ['all fields', { tags: [] }, ['tags'], { name: 'C', email: 'c@example.org', role: UserRole.ADMIN }, ['*'], ['tags']],
  [
    'a field among others that are not contested',
    { name: 'B' },
    ['name'],
    { name: 'C', tags: [] },
    ['tags', 'name'],
    ['name'],
  ],
])(
  '4. a stale edit of %s is ABORTED, and writes nothing',
  async (_, first, firstPaths, second, secondPaths, contested) => {
    const { base, theirs, upon } = await stale(first, firstPaths);
    const { code, reason, conflict } = await failed(upon(second, secondPaths));
    expect({ code, reason }).toEqual({ code: 'ABORTED', reason: 'EDIT_CONFLICT' });
    expect(conflict?.changes.map(({ path }) => path)).toEqual(contested);
    expect(conflict?.current).toEqual(theirs);
    expect(await read(client, base.id)).toEqual(theirs);
  },
);

test('5. the second is told who changed the field, when, from what to what', async () => {
  const { theirs, upon } = await stale({ name: 'B' }, ['name']);
  const [change] = known((await failed(upon({ name: 'C' }, ['name']))).conflict).changes;
  expect(change).toMatchObject({
    path: 'name',
    revision: theirs.revision,
    actor: 'A test',
    changedAt: theirs.updatedAt,
  });
  expect(change?.before).toMatchObject({ name: 'Ada', email: '', tags: [], metadata: {} });
  expect(change?.after).toMatchObject({ name: 'B', email: '', tags: [], metadata: {} });
});

test('the last change of each contested field is the one that is told', async () => {
  const { base, upon } = await stale({ name: 'B' }, ['name']);
  const last = await update(client, { id: base.id, user: { name: 'C', tags: ['y'] } });
  await update(client, { id: base.id, user: { role: UserRole.ADMIN } });
  const conflict = known((await failed(upon({ name: 'D' }, ['name', 'tags']))).conflict);
  expect(conflict.changes.map(({ path, revision }) => [path, revision]).sort()).toEqual([
    ['name', last.revision],
    ['tags', last.revision],
  ]);
});

test('without a base the last write wins', async () => {
  const { base } = await stale({ name: 'B' }, ['name']);
  expect((await update(client, { id: base.id, user: { name: 'C' } })).name).toBe('C');
});

test('fields that changed before the base are no conflict', async () => {
  const { base, theirs } = await stale({ name: 'B' }, ['name']);
  const edit = { id: base.id, user: { name: 'C' }, baseRevision: theirs.revision };
  expect((await update(client, edit)).name).toBe('C');
});

test('an edit upon a base before a deletion and its undoing stands where the fields did not change', async () => {
  const { base, upon } = await stale({ name: 'B' }, ['name']);
  await remove(client, base.id);
  await restore(client, base.id);
  expect((await upon({ tags: ['z'] }, ['tags'])).tags).toEqual(['z']);
  expect((await failed(upon({ name: 'C' }, ['name']))).code).toBe('ABORTED');
});

test('4. a conflict of a user too large for a status still says who changed what', async () => {
  const large = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, 'v'.repeat(1000)]));
  const { base, theirs, upon } = await stale({ metadata: large }, ['metadata']);
  const { code, conflict } = await failed(upon({ metadata: {} }, ['metadata']));
  expect(code).toBe('ABORTED');
  expect(conflict?.changes).toHaveLength(62);
  expect(conflict?.changes[0]).toMatchObject({ revision: theirs.revision, actor: 'A test' });
  const small = await failed(upon({ metadata: { a: '5' } }, ['metadata.a']));
  expect(small.conflict?.changes).toMatchObject([
    { path: 'metadata.a', before: { metadata: { a: '1' } }, after: { metadata: {} } },
  ]);
  expect(await read(client, base.id)).toEqual(theirs);
});

test('4. where keys come and go without end, the removal of a forgotten one still conflicts, and little is kept', async () => {
  const base = await createOne(client, { metadata: { first: '1', stays: '1' } });
  const { id } = base;
  await update(client, { id, user: { metadata: { stays: '1' } } });
  const settled = await read(client, id);
  for (let round = 0; round < 6; round += 1) {
    const keys = Array.from({ length: 60 }, (_, index) => [`k${round}-${index}`, 'v']);
    await update(client, { id, user: { metadata: { stays: '1', ...Object.fromEntries(keys) } } });
  }
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ count: number }>(
      'select count(*) from users, jsonb_object_keys(field_revisions) where id = $1',
      [id],
    ),
  );
  expect(row?.count).toBeLessThan(340);
  const stale = { id, user: { metadata: { first: '2' } }, updateMask: { paths: ['metadata.first'] } };
  const { code, conflict } = await failed(update(client, { ...stale, baseRevision: base.revision }));
  expect(code).toBe('ABORTED');
  expect(conflict?.changes).toMatchObject([{ path: 'metadata', actor: 'A test' }]);
  expect((await update(client, { id, user: { name: 'B' }, baseRevision: settled.revision })).name).toBe('B');
  const fresh = await read(client, id);
  expect((await update(client, { ...stale, baseRevision: fresh.revision })).metadata['first']).toBe('2');
});
