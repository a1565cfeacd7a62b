import { type Address, User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { addressLines } from '@roster/proto/mask-paths';
import fc from 'fast-check';
import { foldFor } from './comparison.ts';
import { allOf, anyOf, type Filter, negationOf, type TextField } from './filter.ts';
import { containing, type Pattern, patternOf } from './pattern.ts';

// Random users and filters for the property tests. Both draw from one small pool of awkward pieces, so that they often meet.

const pieces = [
  ...['ann', 'Ann', 'ANN', 'a', 'n', 'smith', '@', 'x.org', ' ', '.', '-', 'or', 'AND', 'x'],
  ...['%', '_', '\\', '\\\\', '"', "'", '`', '*', '$1', '--', "';", '(', ')', ':', '=', '!', '\n', '\t', '?', '{', ','],
  ...['é', 'e\u0301', 'E', '\u0301', 'İ', 'ı', 'I', 'i', 'ß', 'ẞ', 'SS', 'ﬁ', 'Σ', 'σ', 'ς', 'Å', 'K', 'Ж', 'ж', 'ё'],
  ...[
    '😀',
    '𝔄',
    '～',
    '\uffff',
    '\ue000',
    '가',
    'ｱ',
    '＊',
    '％',
    '＿',
    '＼',
    '\u00a0',
    '\u200d',
    '\u202e',
    'ﷺ',
    'Ꭰ',
    'ꭰ',
  ],
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join(''));
const filled = text.filter((value) => value !== '');
const metadataKeys = ['team', 'Team', 'a.b', 'cost center', 'constructor', 'toString', '%', '`', '"', '😀'];
const times = [
  '0001-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '2024-01-01T00:00:00.000Z',
]
  .concat(['2024-01-01T00:00:00.001Z', '2024-02-29T12:30:00.123Z', '9999-12-31T23:59:59.999Z'])
  .map((time) => Date.parse(time));
const revisions = [1, 2, 3, 4_294_967_296, Number.MAX_SAFE_INTEGER];
const idOf = (index: number) => `0192f0a0-00ab-7000-8000-${String(index).padStart(12, '0')}`;

const address: fc.Arbitrary<Address> = fc.record({
  street: text,
  city: text,
  state: text,
  country: text,
  postalCode: text,
});
const timestamp = fc.constantFrom(...times).map((ms) => {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: (ms - seconds * 1000) * 1_000_000 };
});

const person = fc.record({
  name: text,
  email: text,
  role: fc.constantFrom(UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER),
  state: fc.constantFrom(UserState.ACTIVE, UserState.SUSPENDED),
  address: fc.option(address, { nil: undefined }),
  tags: fc.uniqueArray(filled, { maxLength: 3 }),
  metadata: fc.dictionary(fc.constantFrom(...metadataKeys), text, { maxKeys: 4, noNullPrototype: true }),
  createdAt: timestamp,
  updatedAt: timestamp,
  deletedAt: fc.option(timestamp, { nil: undefined }),
  revision: fc.constantFrom(...revisions),
});

type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

function userOf({ address, deletedAt, metadata, ...rest }: Person, index: number): User {
  const user = User.create({ ...rest, id: idOf(index) });
  if (address) user.address = address;
  if (deletedAt) user.deletedAt = deletedAt;
  return { ...user, metadata };
}

/** Users with ids of their own; a third has no address, a third is not deleted. */
export const someUsers: fc.Arbitrary<readonly User[]> = fc
  .array(person, { minLength: 1, maxLength: 25 })
  .map((people) => people.map(userOf));

const piece = fc.constantFrom(...pieces);
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  piece.map((value) => ['', value]),
  piece.map((value) => [value, '']),
  text.map((value) => [value]),
  fc.array(text, { minLength: 1, maxLength: 3 }).map(containing),
  fc.array(text, { minLength: 2, maxLength: 3 }).map(patternOf),
);

const textField: fc.Arbitrary<TextField> = fc.oneof(
  fc.constantFrom<TextField>({ field: 'name' }, { field: 'email' }),
  fc.constantFrom(...addressLines).map((line): TextField => ({ field: 'address', line })),
  fc.constantFrom(...metadataKeys, '__proto__').map((key): TextField => ({ field: 'metadata', key })),
);

const idPattern: fc.Arbitrary<Pattern> = fc.oneof(
  fc.nat(30).map((index) => [idOf(index)]),
  fc.nat(30).map((index) => ['', String(index)]),
  fc.constantFrom<Pattern[]>(['0192f0a0', ''], ['', '-7000-', ''], ['', ''], ['ann'], ['0192f0a0'], ['', '0', '1']),
);

const ordering = fc.constantFrom('<', '<=', '>', '>=');
const orderingOrEqual = fc.constantFrom('=', '<', '<=', '>', '>=');

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  pattern.map((parts): Filter => ({ kind: 'search', pattern: containing(parts.map(foldSearch)) })),
  fc.record({ text: textField, pattern }).map(
    ({ text, pattern }): Filter => ({
      kind: 'text',
      text,
      pattern: patternOf(pattern.map((part) => foldFor(text, part))),
    }),
  ),
  idPattern.map((pattern): Filter => ({ kind: 'text', text: { field: 'id' }, pattern })),
  fc
    .record({ text: textField, operator: ordering, value: text })
    .map(({ text, operator, value }): Filter => ({ kind: 'text-order', text, operator, value: foldFor(text, value) })),
  fc.constantFrom(UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER).map((role): Filter => ({ kind: 'role', role })),
  fc.constantFrom(UserState.ACTIVE, UserState.SUSPENDED).map((state): Filter => ({ kind: 'state', state })),
  fc.record({
    kind: fc.constant('time'),
    field: fc.constantFrom('created_at', 'updated_at', 'deleted_at'),
    operator: orderingOrEqual,
    epochMs: fc.constantFrom(...times),
  }),
  fc.constant<Filter>({ kind: 'deleted' }),
  fc.record({ kind: fc.constant('revision'), operator: orderingOrEqual, revision: fc.constantFrom(0, ...revisions) }),
  fc.record({ kind: fc.constant('element'), of: fc.constant('tags'), pattern }),
  fc.record({
    kind: fc.constant('element'),
    of: fc.constant('metadata'),
    pattern: fc.oneof(
      pattern,
      fc.constantFrom(...metadataKeys).map((key) => [key]),
    ),
  }),
);

function foldSearch(part: string): string {
  return foldFor({ field: 'name' }, part);
}

/** Filters as the parser could make them, at most four levels deep. */
export const someFilter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map(allOf) },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map(anyOf) },
    { weight: 1, arbitrary: tie('filter').map(negationOf) },
  ),
})).filter;

/** Texts that are nearly filters, and often are. */
export const someText: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...[
        'name',
        'role',
        'tags',
        'metadata',
        'metadata.team',
        'metadata.`a b`',
        'address.city',
        'created_at',
        'deleted_at',
      ],
      ...[
        'ADMIN',
        'ACTIVE',
        '2024-01-01',
        '7',
        'ann',
        '"a b"',
        "'x*'",
        '*',
        '"\\*"',
        'AND',
        'OR',
        'NOT',
        'or',
        'not',
        '-',
      ],
      ...['=', '!=', '<', '>=', ':', '(', ')', '.', ' ', ' ', ' ', '"', "'", '`', '\\', '😀', '\ud800', '\0', '!'],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
