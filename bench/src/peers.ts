import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inRoot } from '@roster/stack/paths';

/** A server to compare with, in a process of its own. */
export interface Peer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Runs a program of `bench/peers` and waits for its line `{"msg":"listening","port":…}`. */
export async function startPeer(name: string, ...args: readonly string[]): Promise<Peer> {
  const child = spawn(process.execPath, ['--enable-source-maps', inRoot(`bench/dist/${name}.js`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const port = /"msg":"listening","port":(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stdout.resume();
    return {
      pid: child.pid ?? 0,
      port: Number(port),
      stop: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`The peer ${name} did not start.`);
}
