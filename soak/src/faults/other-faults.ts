import { setTimeout as wait } from 'node:timers/promises';
import { now } from '../recorder.ts';
import { silenceMs } from '../subscriber.ts';
import type { Fault } from './fault.ts';
import { spoilToken } from './spoil-token.ts';

/** How many positions a compaction leaves. With one, whoever has not read the newest loses its place: a slow stream, and a server that stands still. */
const keptPositions = [1, 100, 2000] as const;

/** A console that is frozen for longer rightly takes what it did not hear for silence, and leaves. */
const longestFreezeMs = silenceMs - 6000;

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
      subscribers[random.below(subscribers.length)]?.freeze(2000 + random.below(longestFreezeMs - 2000));
    },
  },
  { name: 'resume with a token that is no good', weight: 4, isKill: false, run: spoilToken },
];
