import { readConfig } from './config.ts';
import { askHost } from './host-program.ts';
import { stopOnSignals } from './signals.ts';
import { startStack } from './stack.ts';

const say = (line: string) => console.log(line);

await stopOnSignals(
  (signal) => startStack({ ...readConfig(), say, signal }),
  async (stack) => {
    const config = readConfig();
    say(`Roster is ready at ${stack.url}`);
    const setup = await askHost(stack.databaseUrl, ['setup', 'link', '--url', config.publicUrl ?? stack.url]);
    if (setup !== '') say(setup);
    say(`Native gRPC, for programs, is at ${stack.grpcUrl}`);
    say(config.databaseUrl === undefined ? `The data is in ${config.home}` : 'The data is where DATABASE_URL says');
    say('Ctrl-C stops it.');
  },
);
