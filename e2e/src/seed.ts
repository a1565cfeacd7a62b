import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '@roster/stack/config';
import { inRoot } from '@roster/stack/paths';

/** Fills a stack's database with believable people, as `pnpm seed` does. The server is already built: the stack runs it. */
export async function seedPeople(databaseUrl: string, count: number): Promise<void> {
  const script = inRoot('server/dist/seed.js');
  const env = childEnvironment({ DATABASE_URL: databaseUrl });
  await promisify(execFile)(process.execPath, [script, String(count)], { env });
}
