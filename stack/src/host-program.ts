import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { NoDataError } from '@roster/postgres/embedded-postgres';
import { ensureServerBuilt } from './build.ts';
import { childEnvironment, type StackConfig } from './config.ts';
import { startDatabase } from './database.ts';
import { inRoot } from './paths.ts';

/**
 * Runs one of the server's programs that work on the database of this home, whether or not a Roster runs on it. What it prints goes to the terminal, and what is said
 * meanwhile to standard error: scripts read the program's output. Resolves with its exit code.
 */
export async function runHostProgram(
  name: 'seed' | 'host',
  args: readonly string[],
  config: StackConfig,
): Promise<number> {
  const say = (line: string) => console.error(line);
  await ensureServerBuilt(say);
  const script = inRoot('server/dist', `${name}.js`);
  if (!existsSync(script)) throw new Error(`The server has no program ${name}.`);
  // Only the sample data and what is restored may be the first of a home: all else is about a Roster that is there.
  const mustExist = name === 'host' && args[0] !== 'restore';
  const database = await startDatabase({ ...config, mustExist }, say).catch((error: unknown) => {
    if (!(error instanceof NoDataError)) throw error;
    throw new Error(
      `${error.message} Start Roster once, or say by ROSTER_HOME or DATABASE_URL where it is. Nothing was done.`,
    );
  });
  try {
    return await run(script, args, { databaseUrl: database.url, folder: config.callerFolder });
  } finally {
    await database.stop();
  }
}

function run(
  script: string,
  args: readonly string[],
  { databaseUrl, folder }: { readonly databaseUrl: string; readonly folder: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = childEnvironment({ DATABASE_URL: databaseUrl });
    const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
      env,
      cwd: folder,
      stdio: 'inherit',
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
    // The child gets Ctrl-C from the terminal; this process waits for it and then leaves PostgreSQL in order.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
  });
}

/** Runs `roster …` on the database of a Roster that runs, and resolves with what it prints. */
export async function askHost(databaseUrl: string, args: readonly string[]): Promise<string> {
  const env = childEnvironment({ DATABASE_URL: databaseUrl });
  const { stdout } = await promisify(execFile)(process.execPath, [inRoot('server/dist/host.js'), ...args], { env });
  return stdout.trim();
}
