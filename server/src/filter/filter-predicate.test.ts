import { Address, User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { filterToPredicate, subjectPredicate } from './filter-predicate.ts';
import { subjectOf } from './filter-subject.ts';
import { parseFilter } from './parse-filter.ts';

const zoe = User.create({
  id: '0192f0a0-00ab-7000-8000-000000000001',
  name: 'Zoë ŁASKA-İnan',
  email: 'Zoe.Laska@Example.org',
  role: UserRole.ADMIN,
  state: UserState.ACTIVE,
  address: Address.create({ city: 'Köln', country: 'DE' }),
  tags: ['vip', 'New York'],
  metadata: { team: 'Core', empty: '', 'cost center': '100%' },
  createdAt: { seconds: '1704067200', nanos: 1_000_000 },
  updatedAt: { seconds: '1704067200', nanos: 1_000_000 },
  revision: 12,
});

/** Has nothing that may be absent. */
const bob = User.create({
  id: '0192f0a0-00ab-7000-8000-000000000002',
  name: 'Bob',
  email: 'bob@x.org',
  role: UserRole.VIEWER,
  state: 2,
});

function matches(text: string, user: User): boolean {
  const result = parseFilter(text);
  if (!result.ok) throw new Error(result.message);
  return filterToPredicate(result.filter)(user);
}

test.each([
  ['', true, true],
  // Words search in name, email and id, without case and accents.
  ['zoe', true, false],
  ['ZOÉ', true, false],
  ['inan', true, false],
  ['@EXAMPLE.org', true, false],
  ['8000-000000000002', false, true],
  ['core', false, false],
  ['zoe bob', false, false],
  ['zoe OR bob', true, true],
  ['-zoe', false, true],
  // Texts.
  ['name = "zoe łaska-inan"', true, false],
  ['name = zoe', false, false],
  ['name = "zoe*"', true, false],
  ['name = "*inan"', true, false],
  ['name = "z*a*n"', true, false],
  ['name = "z\\*"', false, false],
  ['name != bob', true, false],
  ['name > bob', true, false],
  ['name <= BOB', false, true],
  ['email:laska', true, false],
  ['id = 0192F0A0-00AB-7000-8000-000000000002', false, true],
  ['id = 2', false, false],
  ['id:0002', false, true],
  // Roles, states, revisions.
  ['role = admin', true, false],
  ['role != ADMIN', false, true],
  ['role = (EDITOR OR VIEWER)', false, true],
  ['state = ACTIVE', true, false],
  ['revision >= 12', true, false],
  ['revision < 12', false, true],
  // Times are whole milliseconds, and a date is its midnight.
  ['created_at > 2024-01-01', true, false],
  ['created_at = 2024-01-01', false, false],
  ['created_at = 2024-01-01T00:00:00.001Z', true, false],
  ['created_at <= 2024-01-01T00:00:00.001999Z', true, true],
  // Tags, metadata and address lines count as typed.
  ['tags:vip', true, false],
  ['tags:VIP', false, false],
  ['tags:vi', false, false],
  ['tags:vi*', true, false],
  ['tags:"New York"', true, false],
  ['tags:*', true, false],
  ['metadata.team = Core', true, false],
  ['metadata.team = core', false, false],
  ['metadata.team:or', true, false],
  ['metadata.team = "C*"', true, false],
  ['metadata:team', true, false],
  ['metadata:tea*', true, false],
  ['metadata.`cost center` = "100%"', true, false],
  ['metadata.team > B', true, false],
  ['metadata.constructor:*', false, false],
  ['address.city = Köln', true, false],
  ['address.city = köln', false, false],
  ['address.city:öl', true, false],
  ['address:country', true, false],
  ['address:*', true, false],
  // Absent values: `!=` and NOT hold, everything else does not; an absent address line is the empty text.
  ['metadata.team != Core', false, true],
  ['metadata.team < Z', true, false],
  ['NOT metadata.team < Z', false, true],
  ['metadata.team = *', true, false],
  ['metadata.empty = ""', true, false],
  ['address.street = ""', true, true],
  ['address.country = ""', false, true],
  ['address.country < E', true, true],
  ['address.country != DE', false, true],
  ['deleted_at:*', false, false],
  ['deleted_at < 2030-01-01', false, false],
  ['deleted_at != 2030-01-01', true, true],
])('%s: Zoë %s, Bob %s', (text, zoeMatches, bobMatches) => {
  expect([matches(text, zoe), matches(text, bob)]).toEqual([zoeMatches, bobMatches]);
});

test('a deleted user is found by the time of the deletion', () => {
  const deleted = { ...bob, deletedAt: { seconds: '1704067200', nanos: 0 } };
  expect(matches('deleted_at:*', deleted)).toBe(true);
  expect(matches('deleted_at = 2024-01-01', deleted)).toBe(true);
  expect(matches('deleted_at < 2024-01-01', deleted)).toBe(false);
});

test('many filters judge one user and its texts are folded once', () => {
  let reads = 0;
  const user = Object.defineProperty({ ...zoe }, 'name', {
    get: () => {
      reads += 1;
      return zoe.name;
    },
  });
  const subject = subjectOf(user);
  const filters = ['zoe', 'name:zoe', 'name > a', 'zoe OR bob'].map(parseFilter);
  expect(reads).toBe(0);
  const answers = filters.map((result) => result.ok && subjectPredicate(result.filter)(subject));
  expect(answers).toEqual([true, true, true, true]);
  expect(reads).toBe(1);
});
