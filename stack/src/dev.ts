import { watch } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureServerBuilt } from './build.ts';
import { readConfig } from './config.ts';
import { askHost } from './host-program.ts';
import { inRoot } from './paths.ts';
import { assertPortFree } from './ports.ts';
import { stopOnSignals } from './signals.ts';
import { type Stack, startStack } from './stack.ts';
import { startVite } from './vite.ts';

const vitePort = 5173;
const pageOrigin = `http://localhost:${vitePort}`;
/** The same page under its number, which Vite names. */
const numberOrigin = `http://127.0.0.1:${vitePort}`;
const say = (line: string) => console.log(line);

/** The page with hot reload comes from Vite on an origin of its own, and calls through Envoy as any foreign page would. */
await stopOnSignals(
  async (signal) => {
    const config = readConfig();
    await assertPortFree(vitePort, 'nothing: the page of pnpm dev has this port');
    const stack = await startStack({
      ...config,
      origins: [...config.origins, pageOrigin, numberOrigin],
      page: { host: '127.0.0.1', port: vitePort },
      say,
      signal,
    });
    const vite = startVite(vitePort, stack.envoy.edgePort());
    vite.on('error', (error) => say(`Vite did not start: ${error.message}`));
    const watching = restartOnChange(stack);
    const end = async (how: 'stop' | 'kill') => {
      vite.kill('SIGTERM');
      await watching.stop();
      await stack[how]();
    };
    return { ...stack, stop: () => end('stop'), kill: () => end('kill') };
  },
  async ({ databaseUrl, url, grpcUrl }) => {
    const setup = await askHost(databaseUrl, ['setup', 'link', '--url', pageOrigin]);
    if (setup !== '') say(setup);
    say(`Roster in development is at ${pageOrigin}, its API at ${url} and ${grpcUrl}`);
  },
);

/**
 * Builds and restarts the servers a moment after the last change of what they are made of. Its `stop` waits for a restart that is under way, which would
 * otherwise bring a server back that has just been stopped.
 */
function restartOnChange(stack: Stack): { stop(): Promise<void> } {
  const stop = new AbortController();
  let pending = new AbortController();
  let underWay: Promise<void> = Promise.resolve();
  const rebuild = async () => {
    try {
      if (stop.signal.aborted || !(await ensureServerBuilt(say))) return;
      for (const server of stack.servers) if (!stop.signal.aborted) await server.restart();
      say('The server runs what was saved.');
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const onChange = () => {
    pending.abort();
    pending = new AbortController();
    wait(150, undefined, { signal: pending.signal }).then(
      () => {
        underWay = underWay.then(rebuild);
      },
      () => {},
    );
  };
  for (const folder of ['server/src', 'proto/src', 'proto/gen'])
    watch(inRoot(folder), { recursive: true, signal: stop.signal }, onChange);
  return {
    async stop() {
      stop.abort();
      pending.abort();
      await underWay;
    },
  };
}
