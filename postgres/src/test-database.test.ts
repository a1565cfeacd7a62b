import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDatabase, dropDatabase, startTestPostgres } from './test-database.ts';

async function query(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

test('a copy has what its template has, and dropping it ends the sessions in it', { timeout: 30_000 }, async () => {
  const postgres = await startTestPostgres();
  try {
    const template = await createDatabase(postgres.url);
    await query(template, 'CREATE TABLE one AS SELECT 1 AS value');
    const copy = await createDatabase(postgres.url, { template });
    expect(await query(copy, 'SELECT value FROM one')).toBe(1);
    const session = new Client({ connectionString: copy });
    const ended = new Promise((resolve) => session.on('error', resolve));
    await session.connect();
    await dropDatabase(copy);
    await ended;
    await expect(query(copy, 'SELECT 1')).rejects.toThrow(/does not exist/);
    expect(await query(template, 'SELECT value FROM one')).toBe(1);
  } finally {
    await postgres.stop();
  }
});

test.runIf(process.platform === 'linux')(
  'what a killed test run left is removed by the next',
  { timeout: 30_000 },
  async () => {
    const left = join(tmpdir(), 'roster-test-4194999-left');
    mkdirSync(left, { recursive: true });
    try {
      await (await startTestPostgres()).stop();
      expect(existsSync(left)).toBe(false);
    } finally {
      rmSync(left, { recursive: true, force: true });
    }
  },
);
