import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../testing/test-database.ts';

const canary = 'canary-51c7';

test.each([
  [
    'a row that breaks a check',
    `insert into t (name) values ('${canary}')`,
    'violates check constraint "t_name_check"',
  ],
  [
    'a row that another one shuts out',
    `insert into t (key) values ('${canary}'), ('${canary}')`,
    'violates unique constraint "t_key_key"',
  ],
  ['a text that is no number', `select '${canary}'::int`, 'invalid input syntax for type integer: "…"'],
  [
    'a text with quotes that is no time',
    `select '${canary} "x'::timestamptz`,
    'invalid input syntax for type timestamp with time zone: "…"',
  ],
  [
    'a failure inside a function',
    `do $$ begin perform '${canary}'::int; end $$`,
    'invalid input syntax for type integer: "…"',
  ],
])('an error of PostgreSQL says what failed, and nothing of what is stored: %s', async (_what, statement, message) => {
  const { database } = await openTestDatabase();
  const run = (text: string) => database.run(undefined, (connection) => connection.script(text));
  await run(`create table t (name text check (name <> '${canary}'), key text unique)`);
  const [outcome] = await Promise.allSettled([run(statement)]);
  if (outcome.status === 'fulfilled') throw new Error('The statement went well.');
  expect(outcome.reason.message).toContain(message);
  expect(outcome.reason.code).toMatch(/^2/);
  expect(`${inspect(outcome.reason, { depth: 9 })}${outcome.reason.stack}`).not.toContain(canary);
});
