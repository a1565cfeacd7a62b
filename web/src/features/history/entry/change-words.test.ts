import { ChangeKind, UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { Address, User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { changeWords, plainWords } from './change-words.ts';
import { diffsOfChange, diffsOfUsers } from './field-diffs.ts';

function update(paths: readonly string[], before: Partial<User>, after: Partial<User>): UserChange {
  return UserChange.create({
    kind: ChangeKind.UPDATED,
    userName: 'Grace',
    paths: [...paths],
    before: User.create(before),
    after: User.create(after),
  });
}

const address = (part: Partial<Address>) => Address.create(part);

test.each<[UserChange, string, string]>([
  [
    UserChange.create({ kind: ChangeKind.CREATED, userName: 'Grace', after: User.create({ role: UserRole.VIEWER }) }),
    'created Grace as Viewer',
    'created as Viewer',
  ],
  [UserChange.create({ kind: ChangeKind.DELETED, userName: 'Grace' }), 'deleted Grace', 'deleted this person'],
  [UserChange.create({ kind: ChangeKind.UNDELETED, userName: 'Grace' }), 'restored Grace', 'restored this person'],
  [
    update(['name', 'role', 'metadata.team'], { role: UserRole.VIEWER }, { role: UserRole.ADMIN }),
    'changed the role of Grace from Viewer to Admin, and 2 more fields',
    'changed the role from Viewer to Admin, and 2 more fields',
  ],
  [
    update(['state'], { state: UserState.ACTIVE }, { state: UserState.SUSPENDED }),
    'suspended Grace',
    'suspended this person',
  ],
  [
    update(['state', 'tags'], { state: UserState.SUSPENDED }, { state: UserState.ACTIVE }),
    'activated Grace, and 1 more field',
    'activated this person, and 1 more field',
  ],
  [
    update(['name'], { name: 'Grace H' }, { name: 'Grace' }),
    'renamed Grace H to Grace',
    'changed the name from Grace H to Grace',
  ],
  [
    update(['email'], { email: 'a@x' }, { email: 'b@x' }),
    'changed the email of Grace from a@x to b@x',
    'changed the email from a@x to b@x',
  ],
  [update(['tags'], { tags: ['a'] }, { tags: ['a', 'vip'] }), 'added the tag vip to Grace', 'added the tag vip'],
  [update(['tags'], { tags: ['a', 'vip'] }, { tags: ['a'] }), 'removed the tag vip from Grace', 'removed the tag vip'],
  [update(['tags'], { tags: ['a', 'b'] }, { tags: ['b', 'a'] }), 'changed the tags of Grace', 'changed the tags'],
  [
    update(['address.city'], { address: address({}) }, { address: address({ city: 'Paris' }) }),
    'set the city of Grace to Paris',
    'set the city to Paris',
  ],
  [
    update(['address.city'], { address: address({ city: 'Paris' }) }, { address: address({}) }),
    'cleared the city of Grace',
    'cleared the city',
  ],
  [
    update(['address.city', 'address.street', 'metadata.x'], {}, {}),
    'changed the address of Grace, and 1 more field',
    'changed the address, and 1 more field',
  ],
  [
    update(['metadata.team'], { metadata: { team: 'x' } }, { metadata: { team: 'y' } }),
    'changed team of Grace from x to y',
    'changed team from x to y',
  ],
  [update(['metadata.team'], {}, { metadata: { team: 'y' } }), 'set team of Grace to y', 'set team to y'],
  [update(['metadata.team'], { metadata: { team: 'x' } }, {}), 'removed team from Grace', 'removed team'],
  [update(['metadata.a', 'metadata.b'], {}, {}), 'changed the metadata of Grace', 'changed the metadata'],
  [update(['some.newer.field'], {}, {}), 'changed a field of Grace', 'changed a field'],
])('%#: a change is told in one sentence, with and without whom: %s', (change, told, toldOfOne) => {
  expect(plainWords(changeWords(change))).toBe(told);
  expect(plainWords(changeWords(change, { isOfOne: true }))).toBe(toldOfOne);
});

test('what somebody typed is a part of its own, so that it cannot turn the sentence around', () => {
  const change = update(['metadata.k'], {}, { metadata: { k: '\u202Eevil' } });
  expect(changeWords({ ...change, userName: '\u202EGrace' })).toEqual([
    { kind: 'words', text: 'set' },
    { kind: 'value', text: 'k' },
    { kind: 'words', text: 'of' },
    { kind: 'whom', text: '\u202EGrace' },
    { kind: 'words', text: 'to' },
    { kind: 'value', text: '\u202Eevil' },
  ]);
});

test('the fields of a change stand with what they held before and after', () => {
  const change = update(
    ['role', 'tags', 'metadata.team', 'address.city'],
    { role: UserRole.VIEWER, tags: ['a', 'b'], metadata: { team: 'x' } },
    { role: UserRole.ADMIN, tags: ['b', 'c'], address: address({ city: 'Paris' }) },
  );
  expect(diffsOfChange(change)).toMatchObject([
    { path: 'role', label: 'Role', before: 'Viewer', after: 'Admin' },
    { path: 'tags', tags: { added: ['c'], removed: ['a'], kept: ['b'] } },
    { path: 'address.city', label: 'City', before: undefined, after: 'Paris' },
    { path: 'metadata.team', label: 'team', before: 'x', after: undefined },
  ]);
});

test('of a creation the fields that hold something are there', () => {
  const after = User.create({
    name: 'G',
    email: 'g@x',
    role: UserRole.EDITOR,
    state: UserState.ACTIVE,
    metadata: { k: 'v' },
  });
  const change = UserChange.create({ kind: ChangeKind.CREATED, after });
  expect(diffsOfChange(change).map(({ path, before, after: is }) => [path, before, is])).toEqual([
    ['name', undefined, 'G'],
    ['email', undefined, 'g@x'],
    ['role', undefined, 'Editor'],
    ['state', undefined, 'Active'],
    ['metadata.k', undefined, 'v'],
  ]);
});

test('two states of a user are compared field by field, what both leave empty is left out', () => {
  const then = User.create({ name: 'A', tags: ['x'], role: UserRole.VIEWER });
  const now = User.create({ name: 'B', role: UserRole.VIEWER, metadata: { k: 'v' } });
  expect(diffsOfUsers(then, now).map(({ path, isChanged }) => [path, isChanged])).toEqual([
    ['name', true],
    ['role', false],
    ['tags', true],
    ['metadata.k', true],
  ]);
});
