import { setInterval as every } from 'node:timers/promises';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type Order, orderKey } from '@roster/proto/order';
import type { Connection, Database } from '../../database/database.ts';
import { type FeedChange, isChange, isPurge } from '../../watch/feed-change.ts';
import type { FeedLog } from '../../watch/feed-log.ts';
import { createCountGate } from '../../watch/live-total.ts';
import type { Scope } from '../../watch/scope.ts';
import type { ListQuery } from './list-query.ts';
import type { Place } from './page-token.ts';
import {
  createHeldPlaces,
  createPivots,
  type Effect,
  type Guess,
  type RankIndex,
  reversed,
  type Spot,
} from './rank-index.ts';
import { readPending, readRankSample } from './rank-store.ts';

/** Finds the row of any rank without walking to it. */
export interface Jumps {
  /**
   * The spot of `query.skip` in the snapshot of the connection, exact in it; undefined while nothing is known of this list, which the first call has built in
   * the background: until then the caller walks.
   */
  spotOf(connection: Connection, query: ListQuery): Promise<Spot | undefined>;
  /**
   * Where `query.skip` leads at a position of the feed, and that position; undefined while nothing is known of this list. It is right in every snapshot that shows that
   * position, and nothing beyond it.
   */
  guess(query: ListQuery): Guess | undefined;
  /** Resolves when what was asked for so far is built. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface JumpLimits {
  /** Lists of at most so many rows are held whole. */
  readonly held: number;
  readonly pivots: number;
  /** A bucket that grew larger makes its jumps slow. */
  readonly walkMax: number;
  /** Places that all lists together keep, and lists; the least recently used go first. */
  readonly placesMax: number;
  readonly listsMax: number;
  /** Changes that one jump takes into account beyond what its index knows. */
  readonly pendingMax: number;
  /** A smaller skip does not begin to build. */
  readonly skipMin: number;
}

const defaultLimits: JumpLimits = {
  held: 50_000,
  pivots: 4000,
  walkMax: 30_000,
  placesMax: 300_000,
  listsMax: 100,
  pendingMax: 2000,
  skipMin: 500,
};

/** An index that is exact at a position of the feed. */
interface Ranks {
  readonly query: Pick<ListQuery, 'scope' | 'order'>;
  readonly log: FeedLog;
  readonly index: RankIndex;
  seq: number;
}

const catchUpMs = 1000;

export function createJumps(parts: {
  readonly database: Database;
  /** The log of the present history of the store. */
  readonly log: () => FeedLog;
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<JumpLimits>;
}): Jumps {
  const limits = { ...defaultLimits, ...parts.limits };
  const stopped = new AbortController();
  /** In the order of their last use. */
  const lists = new Map<string, Ranks>();
  const building = new Map<string, Promise<void>>();
  const gate = createCountGate(1);

  async function build(query: ListQuery): Promise<void> {
    if (stopped.signal.aborted) return;
    const log = parts.log();
    const ranks = await parts.database.snapshot(stopped.signal, (connection) =>
      buildRanks(connection, query, log, limits),
    );
    lists.set(query.hash, ranks);
    evict();
  }

  function requestBuild(query: ListQuery): void {
    if (building.has(query.hash)) return;
    const work = gate(() => build(query))
      .catch((error) => {
        if (!stopped.signal.aborted) parts.onError(error);
      })
      .finally(() => building.delete(query.hash));
    building.set(query.hash, work);
  }

  function evict(): void {
    let weight = [...lists.values()].reduce((sum, { index }) => sum + index.weight, 0);
    for (const [hash, { index }] of lists) {
      if (lists.size <= limits.listsMax && weight <= limits.placesMax) return;
      weight -= index.weight;
      lists.delete(hash);
    }
  }

  /** Folds what the log has; forgets an index that fell off its end, belongs to another history, or may hold somebody who was erased. */
  function catchUp(hash: string, ranks: Ranks): boolean {
    const entries = ranks.log === parts.log() ? ranks.log.after(ranks.seq, ranks.log.head) : undefined;
    if (!entries || (ranks.query.scope.showsDeleted && entries.some(isPurge))) {
      lists.delete(hash);
      return false;
    }
    for (const entry of entries) {
      if (isChange(entry)) ranks.index.move(effectOf(ranks.query, entry));
      ranks.seq = entry.seq;
    }
    return true;
  }

  /** Keeps the lists that nobody scrolls at the moment from falling behind. */
  async function follow(): Promise<void> {
    for await (const _ of every(catchUpMs, undefined, { signal: stopped.signal })) {
      for (const [hash, ranks] of [...lists]) catchUp(hash, ranks);
    }
  }
  const following = follow().catch(() => undefined);

  /** The index of a list, up to date with the log; begins to build one where there is none. */
  function ranksOf(query: ListQuery): Ranks | undefined {
    const ranks = lists.get(query.hash);
    if (!ranks || !catchUp(query.hash, ranks)) {
      if (query.skip >= limits.skipMin) requestBuild(query);
      return undefined;
    }
    lists.delete(query.hash);
    lists.set(query.hash, ranks);
    if (ranks.index.isWorn) requestBuild(query);
    return ranks;
  }

  return {
    guess(query) {
      const ranks = ranksOf(query);
      const spot = ranks?.index.spotOf(query.skip, query.pageSize, []);
      return ranks && spot && { spot, seq: ranks.seq };
    },
    async spotOf(connection, query) {
      const ranks = ranksOf(query);
      if (!ranks) return undefined;
      const pending = await readPending(connection, ranks.seq, limits.pendingMax);
      // While the database answered, the index may have gone on, even past the snapshot.
      const ahead = pending && ranks.log.after(pending.head, ranks.seq);
      if (!pending || !ahead || (pending.hasPurge && query.scope.showsDeleted)) return undefined;
      const later = pending.placed.filter(({ seq }) => seq > ranks.seq);
      const effects = [
        ...ahead
          .filter(isChange)
          .toReversed()
          .map((change) => reversed(effectOf(query, change))),
        ...[...later, ...pending.unplaced].map((change) => effectOf(query, change)),
      ];
      return ranks.index.spotOf(query.skip, query.pageSize, effects);
    },
    async settled() {
      await Promise.all(building.values());
    },
    async stop() {
      stopped.abort();
      await following;
      await Promise.all(building.values());
    },
  };
}

/** Builds in one snapshot, less the effect of the outbox rows visible in it: they will come again as changes of the feed. */
async function buildRanks(
  connection: Connection,
  { scope, order }: ListQuery,
  log: FeedLog,
  limits: JumpLimits,
): Promise<Ranks> {
  const query = { scope, order };
  const sample = await readRankSample(connection, query, limits);
  const pending = await readPending(connection, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1);
  if (!pending) throw new Error('the outbox has no end');
  const { places, ranks, total } = sample;
  const index = sample.isWhole
    ? createHeldPlaces(order, places, limits.held * 1.2)
    : createPivots(
        order,
        places,
        ranks.map((rank, at) => (ranks[at + 1] ?? total) - rank),
        limits.walkMax,
      );
  for (const change of pending.unplaced.toReversed()) index.move(reversed(effectOf(query, change)));
  return { query, log, index, seq: pending.head };
}

function effectOf(query: Pick<ListQuery, 'scope' | 'order'>, change: FeedChange): Effect {
  return {
    left: change.before && placeIn(query.scope, query.order, change.before),
    entered: placeIn(query.scope, query.order, change.after),
  };
}

function placeIn(scope: Scope, order: Order, user: User): Place | undefined {
  return scope.matches(user) ? { key: orderKey(user, order.field), id: user.id } : undefined;
}
