import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensureServerBuilt } from './build.ts';
import { childEnvironment, readConfig, SettingError } from './config.ts';
import { startDatabase } from './database.ts';
import { inRoot } from './paths.ts';

const say = (line: string) => console.log(line);

/** `pnpm seed N`: writes N believable users into the database of this home, whether or not a Roster runs on it. */
async function seed(args: readonly string[]): Promise<number> {
  const [count, ...more] = args;
  if (count === undefined || !/^[1-9]\d{0,7}$/.test(count))
    throw new SettingError('Say how many users: npx pnpm@12 seed 1000');
  const config = readConfig();
  await ensureServerBuilt(say);
  const script = inRoot('server/dist/seed.js');
  if (!existsSync(script)) throw new Error('The server has no seed program.');
  const database = await startDatabase(config, say);
  try {
    return await run(script, [count, ...more], database.url);
  } finally {
    await database.stop();
  }
}

function run(script: string, args: readonly string[], databaseUrl: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = childEnvironment({ DATABASE_URL: databaseUrl });
    const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], { env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
    // The child gets Ctrl-C from the terminal; this process waits for it and then leaves PostgreSQL in order.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
  });
}

try {
  process.exit(await seed(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
