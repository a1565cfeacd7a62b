import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { StoreTruth } from '../store-truth.ts';
import type { Fault } from './fault.ts';

/** Faults of processes; one at a time, so that something is always left to talk to. */
export const processFaults: readonly Fault[] = [
  {
    name: 'kill a server',
    weight: 5,
    isKill: true,
    async run({ stack, random }) {
      const server = stack.servers[random.below(stack.servers.length)];
      const downMs = random.below(3000);
      await server?.kill();
      await wait(downMs);
      await server?.start();
    },
  },
  {
    name: 'crash a server under its supervisor',
    weight: 2,
    isKill: true,
    async run({ stack, random }) {
      const server = stack.servers[random.below(stack.servers.length)];
      if (server?.isRunning()) process.kill(server.pid(), 'SIGKILL');
    },
  },
  {
    name: 'pause a server',
    weight: 4,
    isKill: false,
    async run({ stack, random, signal }) {
      const server = stack.servers[random.below(stack.servers.length)];
      // With the heartbeat before it still less than what watchers call silence.
      const pausedMs = 1000 + random.below(7000);
      if (!server?.isRunning()) return;
      const pid = server.pid();
      process.kill(pid, 'SIGSTOP');
      await wait(pausedMs, undefined, { signal }).catch(() => undefined);
      process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'kill Envoy',
    weight: 3,
    isKill: true,
    async run({ stack, random }) {
      const downMs = random.below(2000);
      await stack.envoy.kill();
      await wait(downMs);
      await stack.envoy.start();
    },
  },
  {
    name: 'kill PostgreSQL',
    weight: 2,
    isKill: true,
    async run({ truth }) {
      const pid = Number.parseInt(await readFile(`${await truth.dataFolder()}/postmaster.pid`, 'utf8'), 10);
      process.kill(pid, 'SIGKILL');
      await untilAnswers(truth);
    },
  },
  {
    name: 'crash a backend of PostgreSQL',
    weight: 1,
    isKill: true,
    async run({ truth }) {
      const pid = await truth.anyBackend();
      if (pid) process.kill(pid, 'SIGKILL');
      await untilAnswers(truth);
    },
  },
];

async function untilAnswers(truth: StoreTruth): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; ; await wait(100)) {
    const isUp = await truth.head().then(
      () => true,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > giveUpAt) throw new Error('PostgreSQL did not come back within a minute');
  }
}
