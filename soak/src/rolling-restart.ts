import { setTimeout as wait } from 'node:timers/promises';
import { healthyMembers } from '@roster/envoy/admin';
import type { Stack } from '@roster/stack/stack';
import { now, type Recorder } from './recorder.ts';

export interface RollingParts {
  readonly stack: Stack;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Stops the servers in order and starts them again, each when the one before serves, over and over until the signal aborts; at least once around. */
export async function restartAllInTurn(
  parts: RollingParts,
): Promise<{ readonly kills: number; readonly faults: number }> {
  const { stack, recorder, signal, say } = parts;
  let restarts = 0;
  do {
    for (const server of stack.servers) {
      await whenAllServe(stack);
      await wait(1000);
      say(`restart ${server.name}`);
      recorder.add({ kind: 'fault', at: now(), name: `restart ${server.name}` });
      await server.restart();
      restarts += 1;
    }
  } while (!signal.aborted);
  await whenAllServe(stack);
  return { kills: 0, faults: restarts };
}

/** Ready means that Envoy has the server among its healthy members, for calls and for feeds. */
async function whenAllServe({ envoy, servers }: Stack): Promise<void> {
  for (const cluster of ['backend', 'feed'])
    for (const giveUpAt = Date.now() + 30_000; ; await wait(50)) {
      const count = await healthyMembers(envoy.adminPort(), cluster).catch(() => 0);
      if (count === servers.length) break;
      if (Date.now() > giveUpAt) throw new Error(`only ${count} servers are healthy for ${cluster}`);
    }
}
