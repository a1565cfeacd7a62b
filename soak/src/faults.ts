import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '@roster/server/seed/random';
import { sealResumeToken } from '@roster/server/watch/resume-token';
import { createTokenSealer } from '@roster/server/watch/sealed-token';
import type { Stack } from '@roster/stack/stack';
import type { CuttingProxy } from './cutting-proxy.ts';
import { now, type Recorder } from './recorder.ts';
import type { StoreTruth } from './store-truth.ts';
import type { Subscriber } from './subscriber.ts';
import { readPosition } from './token-position.ts';
import type { Writers } from './writers.ts';

export interface FaultParts {
  readonly stack: Stack;
  readonly truth: StoreTruth;
  readonly wires: readonly CuttingProxy[];
  readonly subscribers: readonly Subscriber[];
  readonly writers: Writers;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Something bad that can be done to a running Roster. It is over when the promise settles; what was taken away has been given back by then. */
export interface Fault {
  readonly name: string;
  /** How often it comes, beside the others of its lane. */
  readonly weight: number;
  readonly isKill: boolean;
  run(parts: FaultParts): Promise<void>;
}

/** How many positions a compaction leaves. With none, whoever has not read the newest loses its place: a slow stream, and a server that stands still. */
const keptPositions = [0, 100, 2000] as const;

const pause = (ms: number) => wait(ms);

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
      await pause(downMs);
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
      const pausedMs = 1000 + random.below(9000);
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
      await pause(downMs);
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

/** Faults of the wires and of the store. */
export const otherFaults: readonly Fault[] = [
  {
    name: 'cut connections in mid frame',
    weight: 8,
    isKill: false,
    async run({ wires, random }) {
      wires[random.below(wires.length)]?.cut(1 + random.below(600));
    },
  },
  {
    name: 'hold a transaction open',
    weight: 5,
    isKill: false,
    async run({ truth, writers, recorder, random, signal }) {
      const userId = writers.anyUser(random);
      const heldMs = 1000 + random.below(6000);
      const end = random.chance(0.8) ? 'commit' : 'rollback';
      if (!userId) return;
      const requestId = crypto.randomUUID();
      const startedAt = now();
      const common = { kind: 'write', op: 'held', requestId, userId, startedAt } as const;
      const done = wait(heldMs, undefined, { signal }).then(
        () => end,
        () => end,
      );
      await truth.holdChange(userId, requestId, done as Promise<'commit' | 'rollback'>).then(
        (revision) => {
          const outcome = revision === undefined ? 'failed' : 'acknowledged';
          recorder.add({ ...common, at: now(), outcome, revision, code: end });
        },
        (error: unknown) =>
          recorder.add({ ...common, at: now(), outcome: 'unknown', revision: undefined, code: String(error) }),
      );
    },
  },
  {
    name: 'cut the connections that listen',
    weight: 3,
    isKill: false,
    run: async ({ truth }) => void (await truth.cutConnections('listeners')),
  },
  {
    name: 'cut all connections to the store',
    weight: 2,
    isKill: false,
    run: async ({ truth }) => void (await truth.cutConnections('all')),
  },
  {
    name: 'compact the feed',
    weight: 2,
    isKill: false,
    async run({ truth, recorder, random }) {
      const floor = (await truth.head()).seq - random.pick(keptPositions);
      if (floor <= 0) return;
      recorder.add({ kind: 'fault', at: now(), name: 'compacting', floor });
      await truth.compactTo(floor);
      recorder.add({ kind: 'fault', at: now(), name: 'compacted', floor });
    },
  },
  {
    name: 'give the store a new epoch',
    weight: 1,
    isKill: false,
    async run({ truth }) {
      await truth.renewEpoch();
      await truth.cutConnections('listeners');
    },
  },
  {
    name: 'freeze a subscriber',
    weight: 3,
    isKill: false,
    async run({ subscribers, random }) {
      subscribers[random.below(subscribers.length)]?.freeze(2000 + random.below(28_000));
    },
  },
  { name: 'resume with a token that is no good', weight: 4, isKill: false, run: spoilToken },
];

/** Alters a token, or makes one that is well signed and still of no use. */
async function spoilToken({ truth, subscribers, random }: FaultParts): Promise<void> {
  const subscriber = subscribers[random.below(subscribers.length)];
  const sealer = createTokenSealer(await truth.tokenKey());
  const remake = (good: string, change: { epoch?: string; ahead?: number; query?: string }) => {
    const payload: unknown = JSON.parse(Buffer.from(good, 'base64url').subarray(16).toString());
    const query = Array.isArray(payload) ? String(payload[2]) : '';
    const { epoch, seq } = readPosition(good);
    return sealResumeToken(sealer, { epoch, query, ...change, seq: seq + (change.ahead ?? 0) });
  };
  switch (random.below(4)) {
    case 0:
      subscriber?.spoil((good) => `${good.slice(0, 5)}${good[5] === 'A' ? 'B' : 'A'}${good.slice(6)}`, 'altered');
      return;
    case 1:
      subscriber?.spoil((good) => remake(good, { query: 'another' }), 'other-query');
      return;
    case 2:
      subscriber?.spoil((good) => remake(good, { epoch: 'elsewhere' }), 'other-epoch');
      return;
    default:
      subscriber?.spoil((good) => remake(good, { ahead: 10_000_000 }), 'future');
  }
}

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

/** Does one thing after another until the signal aborts. Which, when and to whom is the seed's choice. Returns what was done, by name. */
export async function runFaults(
  faults: readonly Fault[],
  gapMs: { readonly least: number; readonly most: number },
  parts: FaultParts,
): Promise<ReadonlyMap<Fault, number>> {
  const done = new Map<Fault, number>();
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  while (!parts.signal.aborted) {
    const gap = gapMs.least + parts.random.below(gapMs.most - gapMs.least);
    let at = parts.random.below(total);
    const fault = faults.find(({ weight }) => {
      at -= weight;
      return at < 0;
    });
    await wait(gap, undefined, { signal: parts.signal }).catch(() => undefined);
    if (!fault || parts.signal.aborted) break;
    parts.say(fault.name);
    parts.recorder.add({ kind: 'fault', at: now(), name: fault.name });
    await fault.run(parts).catch((error: unknown) => parts.say(`${fault.name}: ${error}`));
    done.set(fault, (done.get(fault) ?? 0) + 1);
  }
  return done;
}
