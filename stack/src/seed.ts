import { readConfig, SettingError } from './config.ts';
import { runHostProgram } from './host-program.ts';

/** `pnpm seed N`: writes N believable users into the database of this home, whether or not a Roster runs on it. */
async function seed(args: readonly string[]): Promise<number> {
  const [count, ...more] = args;
  if (count === undefined || !/^[1-9]\d{0,7}$/.test(count))
    throw new SettingError('Say how many users: npx pnpm@12 seed 1000');
  return runHostProgram('seed', [count, ...more], readConfig());
}

try {
  process.exit(await seed(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
