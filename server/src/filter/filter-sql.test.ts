import { createDatabase as copyDatabase } from '@roster/postgres/test-database';
import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createDatabase, type Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import type { Filter } from './filter.ts';
import { someFilter, someUsers } from './filter-arbitraries.ts';
import { filterToPredicate } from './filter-predicate.ts';
import { filterToSql } from './filter-sql.ts';
import { judgeInSql, replaceAllUsers } from './filter-sql-fixture.ts';
import { parseFilter } from './parse-filter.ts';

let database: Database;
/** Sorts texts by language, as a PostgreSQL of someone else's may. */
let foreignDatabase: Database;

beforeAll(async () => {
  const template = inject('templateUrl');
  database = open(await copyDatabase(template, { template }));
  const name = `foreign_${crypto.randomUUID().replaceAll('-', '')}`;
  await database.run(undefined, (connection) =>
    connection.script(
      `create database ${name} template template0 locale 'C.UTF-8' locale_provider icu icu_locale 'und'`,
    ),
  );
  const url = new URL(template);
  url.pathname = name;
  foreignDatabase = open(url.toString());
  await migrate(foreignDatabase);
});

afterAll(async () => {
  await database.close();
  await foreignDatabase.close();
});

function open(url: string): Database {
  const onConnectionError = () => undefined;
  return createDatabase({ url, password: undefined, maxConnections: 2, statementTimeoutMs: 20_000, onConnectionError });
}

test.each([
  ['a database of ours', () => database],
  ['a database that sorts by language', () => foreignDatabase],
])(
  'in %s the SQL and the predicate give the same answer for every user and filter, and the SQL is never NULL',
  async (_, current) => {
    let judged = 0;
    const answers = { true: 0, false: 0 };
    await current().transaction(undefined, async (connection) => {
      await connection.script('set local enable_seqscan = off');
      const giveSameAnswers = async (users: readonly User[], filters: readonly Filter[]) => {
        await replaceAllUsers(connection, users);
        for (const filter of filters) {
          const inSql = await judgeInSql(connection, filter);
          const matches = filterToPredicate(filter);
          for (const user of users) {
            const value = matches(user);
            expect({ filter, user, ...inSql.get(user.id) }).toEqual({ filter, user, value, isFound: value });
            answers[`${value}`] += 1;
          }
        }
        judged += filters.length;
      };
      const filters = fc.array(someFilter, { minLength: 10, maxLength: 20 });
      await fc.assert(fc.asyncProperty(someUsers, filters, giveSameAnswers), { numRuns: 150, endOnFailure: true });
    });
    // Answers that hardly ever differ would prove nothing.
    expect(judged).toBeGreaterThan(1500);
    expect(Math.min(answers.true, answers.false)).toBeGreaterThan(3000);
  },
  120_000,
);

test('nothing of a value or a metadata key reaches the text of the SQL', () => {
  const words =
    /\$\d+::(?:text|uuid|smallint|bigint|timestamptz|jsonb)|u\.[a-z_]+|e\.v|\b(?:not|and|or|like|true|false|coalesce|exists|select|from|where|as|is|null|array|unnest|jsonb_object_keys|collate|e|v)\b|::text|"C"|->>|@>|[()[\]?,<>= ]/g;
  const isMadeOfOurWords = (filter: Filter) => {
    expect(filterToSql(filter, []).replaceAll(words, '')).toBe('');
  };
  fc.assert(fc.property(someFilter, isMadeOfOurWords), { numRuns: 2000 });
});

describe('among twenty thousand users', () => {
  beforeAll(async () => {
    const users = Array.from({ length: 20_000 }, (_, index) => crowd(index));
    await database.run(undefined, async (connection) => {
      await replaceAllUsers(connection, users);
      await connection.script('vacuum analyze users');
    });
  }, 60_000);

  test.each([
    ['role = ADMIN', 'users_by_role'],
    ['created_at > 2030-01-01', 'users_by_created_at'],
    ['anna', 'users_search'],
    ['анна', 'users_search'],
    ['name:anna', 'users_search'],
    ['email = "*@rare.example.org"', 'users_search'],
    ['name = "anna*"', 'users_by_name'],
    ['name < "b"', 'users_by_name'],
    ['email = anna@rare.example.org', 'users_by_email'],
    ['tags:vip', 'users_by_tag'],
    ['metadata.team = core', 'users_by_metadata'],
    ['id = 0192f0a0-00ab-7000-8000-000000000001', 'users_pkey'],
  ])('%s is answered by the index %s', async (text, index) => {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.message);
    const parameters: unknown[] = [];
    const where = filterToSql(parsed.filter, parameters);
    const plan = await database.run(undefined, (connection) =>
      connection.query(`explain select u.* from users u where u.deleted_at is null and ${where}`, parameters),
    );
    const written = plan.map((row) => Object.values(row).join()).join('\n');
    expect(written).toContain(index);
    expect(written).toMatch(/Index Cond/);
  });
});

/** One of many alike; only the first is rare in every way. */
function crowd(index: number): User {
  const isRare = index === 0;
  return User.create({
    id: `0192f0a0-00ab-7000-8000-${String(index).padStart(12, '0')}`,
    name: isRare ? 'Anna Анна' : `Person ${index * 7919}`,
    email: isRare ? 'anna@rare.example.org' : `p${index * 7919}@example.org`,
    role: isRare ? UserRole.ADMIN : UserRole.VIEWER,
    state: UserState.ACTIVE,
    tags: [isRare ? 'vip' : 'staff'],
    metadata: { team: isRare ? 'core' : 'field' },
    createdAt: { seconds: String(isRare ? 4_000_000_000 : 1_700_000_000 + index), nanos: 0 },
  });
}
