import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { canonicalFilter } from './canonical-filter.ts';
import { parseFilter } from './parse-filter.ts';

/** What a text means, in the one canonical spelling. */
function meaning(text: string): string {
  const result = parseFilter(text);
  return result.ok ? canonicalFilter(result.filter) : result.message;
}

test.each([
  ['', ''],
  ['  \t\n ', ''],
  // Words.
  ['ann', '"ann"'],
  ['Ann Smith', '("ann" AND "smith")'],
  ['"Ann Smith"', '"ann smith"'],
  ["'Ann Smith'", '"ann smith"'],
  ["O'Brien", '"o\'brien"'],
  ['ann@example.org', '"ann@example.org"'],
  ['ann-marie', '"ann-marie"'],
  ['a*b', '"a*b"'],
  ['*ann*', '"ann"'],
  ['ann* "b\\*"', '("ann" AND "b\\*")'],
  ['a\u00a0b', '("a" AND "b")'],
  ['a!b', '"a!b"'],
  ['- ann', '("-" AND "ann")'],
  ['""', '""'],
  // OR binds tighter than AND, and than standing side by side.
  ['a AND b OR c', '("a" AND ("b" OR "c"))'],
  ['a OR b AND c', '("c" AND ("a" OR "b"))'],
  ['a b OR c d', '("a" AND "d" AND ("b" OR "c"))'],
  ['(a AND b) OR c', '("c" OR ("a" AND "b"))'],
  ['a b AND c AND d', '("a" AND "b" AND "c" AND "d")'],
  ['NOT a OR b', '("b" OR NOT "a")'],
  ['NOT (a OR b)', 'NOT ("a" OR "b")'],
  ['NOT(a OR b)', 'NOT ("a" OR "b")'],
  ['-a b', '("b" AND NOT "a")'],
  ['-(a b)', 'NOT ("a" AND "b")'],
  ['-"a b"', 'NOT "a b"'],
  ['NOT NOT a', '"a"'],
  ['NOT -a', '"a"'],
  ['((a))', '"a"'],
  ['(a)(b)', '("a" AND "b")'],
  // Keywords in small letters are operators where one can stand.
  ['a or b', '("a" OR "b")'],
  ['a and b', '("a" AND "b")'],
  ['not a', 'NOT "a"'],
  ['ann or', '("ann" AND "or")'],
  ['or', '"or"'],
  ['not', '"not"'],
  ['ann "or" bob', '("ann" AND "bob" AND "or")'],
  ['orlando android nothing', '("android" AND "nothing" AND "orlando")'],
  // Fields.
  ['role = ADMIN', 'role = ADMIN'],
  ['role=admin', 'role = ADMIN'],
  ['role : USER_ROLE_ADMIN', 'role = ADMIN'],
  ['role = "Editor"', 'role = EDITOR'],
  ['role != VIEWER', 'NOT role = VIEWER'],
  ['-role != VIEWER', 'role = VIEWER'],
  ['role = (ADMIN OR EDITOR)', '(role = ADMIN OR role = EDITOR)'],
  ['role != (ADMIN OR EDITOR)', 'NOT (role = ADMIN OR role = EDITOR)'],
  ['tags:(a AND -b)', '(NOT tags:"b" AND tags:"a")'],
  ['state = user_state_suspended', 'state = SUSPENDED'],
  ['name = Ann', 'name = "ann"'],
  ['NAME = "Zoë"', 'name = "zoe"'],
  ['name = "Ann*"', 'name = "ann*"'],
  ['name = "Ann\\*"', 'name = "ann\\*"'],
  ['name:ann', 'name = "*ann*"'],
  ['name:"a*n"', 'name = "*a*n*"'],
  ['name:*', 'NOT name = ""'],
  ['name = *', 'name = "*"'],
  ['name >= b', 'name >= "b"'],
  ['name < "b*"', 'name < "b\\*"'],
  ['name = ""', 'name = ""'],
  ['email = *@example.org', 'email = "*@example.org"'],
  ['id = 0192F0A0-00AB-7000-8000-000000000001', 'id = "0192f0a0-00ab-7000-8000-000000000001"'],
  ['created_at > 2024-01-01', 'created_at > 2024-01-01T00:00:00.000Z'],
  ['createdAt>2024-01-01T10:00:00+02:00', 'created_at > 2024-01-01T08:00:00.000Z'],
  ['updated_at <= "2024-01-01T10:00:00.5Z"', 'updated_at <= 2024-01-01T10:00:00.500Z'],
  ['created_at != 2024-01-01', 'NOT created_at = 2024-01-01T00:00:00.000Z'],
  ['deleted_at:*', 'deleted_at:*'],
  ['revision > 41', 'revision > 41'],
  ['tags:vip', 'tags:"vip"'],
  ['tags:VIP', 'tags:"VIP"'],
  ['tags:*', 'tags:"*"'],
  ['-tags:"a b"', 'NOT tags:"a b"'],
  ['metadata:team', 'metadata:"team"'],
  ['metadata.team:*', 'metadata:"team"'],
  ['metadata.team = "Core"', 'metadata.`team` = "Core"'],
  ['metadata.team != Core', 'NOT metadata.`team` = "Core"'],
  ['metadata.team:or', 'metadata.`team` = "*or*"'],
  ['metadata.`a.b` = x', 'metadata.`a.b` = "x"'],
  ['metadata."cost center" = x', 'metadata.`cost center` = "x"'],
  ['metadata.`a``b` = x', 'metadata.`a``b` = "x"'],
  ['metadata.n > 5', 'metadata.`n` > "5"'],
  ['address.country = DE', 'address.country = "DE"'],
  ['address.postalCode:12', 'address.postal_code = "*12*"'],
  ['address:city', 'NOT address.city = ""'],
  ['address.city:*', 'NOT address.city = ""'],
  // A keyword may be a value where it cannot be an operator.
  ['address.state = OR', 'address.state = "OR"'],
  ['address.state = OR AND role = ADMIN', '(address.state = "OR" AND role = ADMIN)'],
  ['(address.state = OR)', 'address.state = "OR"'],
  ["metadata.note = 'it\\'s \\\\ \"so\"'", 'metadata.`note` = "it\'s \\\\ \\"so\\""'],
])('%s means %s', (text, expected) => {
  expect(meaning(text)).toBe(expected);
});

test('a country, a city or any other line makes an address', () => {
  expect(meaning('address:*').split(' OR ')).toHaveLength(5);
});

const fields = 'id, name, email, role, state, created_at, updated_at, deleted_at, revision, tags, address or metadata';
const time = 'a date like 2024-01-31, or a time like 2024-01-31T09:30:00Z';
const role = 'a role, ADMIN, EDITOR or VIEWER';
const operand = 'a comparison or a word';
const line = 'an address line, street, city, state, country or postal_code';
const deep = 'at most 20 levels of parentheses and negations';

test.each([
  // Fields.
  ['rol = ADMIN', 1, 3, 'a field name, perhaps role'],
  ['ann  nmae = x', 6, 4, 'a field name, perhaps name'],
  ['tag:vip', 1, 3, 'a field name, perhaps tags'],
  ['creted_at > 2024-01-01', 1, 9, 'a field name, perhaps created_at'],
  ['meta.team = x', 1, 4, 'a field name, perhaps metadata'],
  ['😀😀 zzz = 1', 4, 3, `a field name: ${fields}`],
  ['__proto__ = 1', 1, 9, `a field name: ${fields}`],
  ['"name" = x', 1, 6, 'a field name without quotes'],
  ['name.first = x', 5, 6, 'a comparator after name, which has no parts'],
  ['address.town = x', 9, 4, line],
  ['address. = x', 9, 0, line],
  ['address:town', 9, 4, `${line}, or *`],
  ['metadata.a.b = x', 10, 3, 'such a metadata key in backticks'],
  ['metadata. = x', 10, 0, 'a metadata key'],
  ['metadata.`` = x', 10, 2, 'a metadata key'],
  ['metadata.`a` b', 13, 1, 'a comparator after the metadata key'],
  // Comparators.
  ['role > ADMIN', 6, 1, '=, != or : after this field'],
  ['tags = vip', 6, 1, ': after this field'],
  ['tags != vip', 6, 2, ': after this field'],
  ['address = x', 9, 1, ': after this field'],
  ['created_at:2024-01-01', 11, 1, '=, !=, <, <=, > or >= after this field'],
  ['id < a', 4, 1, '=, != or : after this field'],
  // Values.
  ['role = ', 8, 0, 'a value'],
  ['role =', 7, 0, 'a value'],
  ['role = )', 8, 1, 'a value'],
  ['role == ADMIN', 7, 1, 'a value'],
  ['role = BOSS', 8, 4, role],
  ['role = "BOSS" AND x', 8, 6, role],
  ['role = USER_ROLE_UNSPECIFIED', 8, 21, role],
  ['role = (ADMIN OR BOSS)', 18, 4, role],
  ['role = constructor', 8, 11, role],
  ['state = GONE', 9, 4, 'a state, ACTIVE or SUSPENDED'],
  ['created_at > yesterday', 14, 9, time],
  ['created_at > 2024-02-30', 14, 10, time],
  ['created_at > 2024-01-01T10:00', 14, 16, time],
  ['deleted_at:yes', 12, 3, '*, which finds the deleted'],
  ['revision = 1.5', 12, 3, 'a revision, which is a whole number'],
  ['revision = -1', 12, 2, 'a revision, which is a whole number'],
  ['revision = 9999999999999999', 12, 16, 'a revision, which is a whole number'],
  ['name = AND role = ADMIN', 8, 3, 'a value before AND'],
  ['name = OR role = ADMIN', 8, 2, 'a value before OR'],
  // Operators and parentheses.
  ['AND a', 1, 3, `${operand} before AND`],
  ['a OR OR b', 6, 2, `${operand} before OR`],
  ['a AND', 6, 0, operand],
  ['a OR ', 6, 0, operand],
  ['NOT', 4, 0, operand],
  ['= x', 1, 1, operand],
  ['a = b = c', 1, 1, `a field name: ${fields}`],
  ['name = b = c', 10, 1, operand],
  ['()', 2, 1, operand],
  ['(a', 3, 0, 'a closing parenthesis for the one in column 1'],
  ['😀 (a OR (b)', 12, 0, 'a closing parenthesis for the one in column 3'],
  ['a) b', 2, 1, 'the end, since this parenthesis closes none'],
  ['lower(name)', 6, 1, 'a space before the parenthesis, since there are no functions'],
  // Quotes.
  ['name = "ann', 8, 4, 'a closing "'],
  ["x 'ann", 3, 4, "a closing '"],
  ['name = "ann\\', 12, 1, 'a second backslash, or a quote or an asterisk after it'],
  ['name = "a\\n"', 10, 2, 'a second backslash, or a quote or an asterisk after it'],
  ['metadata.`team = x', 10, 9, 'a closing `'],
  // Limits and characters.
  ['ann\0', 4, 1, 'a readable character'],
  ['😀\ud800x', 2, 1, 'a readable character'],
  [`${'x'.repeat(1999)}😀y`, 2001, 1, 'at most 2000 characters'],
  [Array(101).fill('a').join(' '), 201, 1, 'at most 100 comparisons, words and negations'],
  [`${'('.repeat(21)}a${')'.repeat(21)}`, 21, 1, deep],
  [`${'-('.repeat(10)}-a${')'.repeat(10)}`, 21, 1, deep],
  [`${'NOT '.repeat(21)}a`, 81, 3, deep],
])('%j is a mistake in column %i', (text, column, length, expected) => {
  const message = `Column ${column}: expected ${expected}.`;
  expect(parseFilter(text)).toEqual({ ok: false, column, length, expected, message });
});

test('the limits themselves are allowed', () => {
  expect(parseFilter('😀'.repeat(2000)).ok).toBe(true);
  expect(parseFilter(Array(100).fill('a').join(' ')).ok).toBe(true);
  expect(parseFilter(`${'('.repeat(20)}a${')'.repeat(20)}`).ok).toBe(true);
});

test('every example at the top of the documentation is read', () => {
  const page = readFileSync(new URL('../../../docs/filter.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^\| `([^`]+)` \| (?!`)/gm)].map(([, text = '']) => text);
  expect(examples).toContain('role = ADMIN AND created_at > 2024-01-01');
  expect(examples.filter((text) => !parseFilter(text).ok)).toEqual([]);
});
