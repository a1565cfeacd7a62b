import { setTimeout as wait } from 'node:timers/promises';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import type { Random } from '@roster/server/seed/random';
import { loadAndUnload } from './bulk-load.ts';
import type { Recorder } from './recorder.ts';
import { createSingleWrites, type Held } from './single-writes.ts';
import type { Patience } from './until-answered.ts';

export interface WriterOptions {
  /** Through the edge, as the console writes. */
  readonly web: IUserServiceClient;
  /** Through the native port; only it can stream requests. */
  readonly native: IUserServiceClient;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly writesPerSecond: number;
  /** Streams that load or delete hundreds cannot be repeated by a client, so a run in which no call may fail has none. */
  readonly hasBulk: boolean;
  readonly patience: Patience;
}

export interface Writers {
  /** A user that exists; undefined while there is none. */
  anyUser(random: Random): string | undefined;
  /** Calls, reads too, that failed for good without an answer that decides. */
  readonly failures: readonly string[];
  /** Begins no more writes and waits for the last ones. */
  stop(): Promise<void>;
}

const aliveTarget = 350;
const maxInFlight = 60;
const bulkEveryMs = 12_000;

export function startWriters(options: WriterOptions): Writers {
  const { native, random, recorder } = options;
  const people = new Map<string, Held>();
  const failures: string[] = [];
  const inFlight = new Set<Promise<void>>();
  const stopped = new AbortController();
  const single = createSingleWrites({ ...options, people, onFailure: (text) => failures.push(text) });

  function pickHeld(isDeleted: boolean): Held | undefined {
    const found = [...people.values()].filter((held) => held.isDeleted === isDeleted);
    return found[random.below(found.length)];
  }

  function act(): Promise<void> {
    const alive = pickHeld(false);
    const deleted = pickHeld(true);
    const size = [...people.values()].filter((held) => !held.isDeleted).length;
    const chance = random.next();
    if (!alive || (chance < 0.15 && size < aliveTarget)) return single.create();
    if (chance < 0.2 || (chance < 0.35 && size > aliveTarget)) return single.remove(alive);
    if (chance < 0.42 && deleted && size < aliveTarget) return single.restore(deleted);
    return chance < 0.5 ? single.read(alive) : single.update(alive);
  }

  function begin(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => void failures.push(String(error)))
      .finally(() => inFlight.delete(running));
    inFlight.add(running);
  }

  async function every(ms: number, work: () => Promise<void>): Promise<void> {
    while (!stopped.signal.aborted) {
      if (inFlight.size < maxInFlight) begin(work);
      await wait(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }

  let isLoading = false;
  const bulk = async () => {
    if (isLoading) return;
    isLoading = true;
    await loadAndUnload({ native, random, recorder }).finally(() => {
      isLoading = false;
    });
  };
  const running = [every(1000 / options.writesPerSecond, act), ...(options.hasBulk ? [every(bulkEveryMs, bulk)] : [])];
  return {
    failures,
    anyUser: (chance) => {
      const ids = [...people.keys()];
      return ids[chance.below(ids.length)];
    },
    async stop() {
      stopped.abort();
      await Promise.all(running);
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}
