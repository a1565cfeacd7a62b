import { readConfig } from './config.ts';
import { runHostProgram } from './host-program.ts';

/** `pnpm roster …`: what is done on the machine itself, such as a token or a link for an admin. */
try {
  process.exit(await runHostProgram('host', process.argv.slice(2), readConfig()));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
