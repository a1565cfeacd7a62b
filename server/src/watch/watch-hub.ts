import type { UserFeed_Total } from '@roster/proto/gen/userservice/v1/user';
import { untilAborted } from '../rpc/lifetime.ts';
import type { LivePart } from '../rpc/live-part.ts';
import { type FeedEntry, isPurge } from './feed-change.ts';
import { createFeedLog, type FeedLog } from './feed-log.ts';
import { createFeedReader } from './feed-reader.ts';
import type { FeedStore } from './feed-store.ts';
import { type Follow, followFeed } from './follow-feed.ts';
import { createCountGate, createLiveTotal, type LiveTotal } from './live-total.ts';
import { createPace } from './pace.ts';
import { pollEvery } from './poll-every.ts';
import { createReadTimer } from './read-timer.ts';
import { openResumeToken, type Resume, type ResumePosition, sealResumeToken } from './resume-token.ts';
import { createRinger } from './ringer.ts';
import type { Scope } from './scope.ts';
import type { GroupStream, ScopeGroup } from './scope-group.ts';
import { createScopeGroups } from './scope-groups.ts';
import type { TokenSealer } from './sealed-token.ts';

/** A total, and the position of the feed that it belongs to. */
export interface PositionedTotal {
  readonly total: UserFeed_Total;
  readonly seq: number;
}

/** All live lists of this server. */
export interface WatchHub {
  /** Judges a resume token for a query; `query` names its filter, order and rights. */
  resume(token: string, query: string): Promise<Resume>;
  /** Names the present history of the store. Read it before a position, so that a position of another history never gets its name. */
  readonly epoch: string;
  sealPosition(position: ResumePosition): string;
  /** Sends what changes after a position, until the server lets go. */
  follow(follow: Follow): LivePart;
  /**
   * The number of users in a scope; undefined where it is not known within `waitMs`. The count goes on behind the call, unless the call's signal aborts and
   * nobody else wants it.
   */
  total(scope: Scope, waitMs: number, signal: AbortSignal): Promise<PositionedTotal | undefined>;
  /** The log of the present history of the store; another one once the store is. */
  log(): FeedLog;
  /** Says that the feed may have grown. */
  hint(): void;
  /** The store may be another one (the connection to it was lost): asks for its epoch and lets every stream list anew if it is. */
  checkEpoch(): Promise<void>;
  /** Every stream is told to come back, and ends. */
  drain(): void;
  stop(): Promise<void>;
}

export interface WatchHubOptions {
  readonly store: FeedStore;
  readonly sealer: TokenSealer;
  readonly heartbeatMs: number;
  readonly maxAgeMs: number;
  /** A stream or token further behind than this is told to list anew. */
  readonly maxBehind: number;
  readonly pollMs: number;
  /**
   * Told of what joins the feed before any stream is: whoever ends streams because of it does so before they see what stands behind it. Told of nothing once the log
   * is another one.
   */
  readonly onEntries?: (entries: readonly FeedEntry[]) => void;
  /** Told when the store's history has become another one. */
  readonly onEpoch?: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

const logLimits = { changes: 25_000, bytes: 64 * 1024 * 1024 };
/** A restore need not cut any connection. */
const epochPollMs = 5000;
/** About so often all lists are looked at, in so many parts, for what is owed without anything that happens. */
const roundMs = 1000;
const beatsARound = 10;
/** How long a scope without streams keeps its total, and how many scopes may. */
const groupIdleMs = 60_000;
const maxIdleGroups = 1000;

export async function createWatchHub(options: WatchHubOptions): Promise<WatchHub> {
  const { store, sealer } = options;
  const stopped = new AbortController();
  const groups = createScopeGroups();
  const gate = createCountGate(2);
  const pace = createPace();
  const beatMs = Math.min(roundMs, options.heartbeatMs / 4) / beatsARound;
  const ringer = createRinger(pace);
  let epoch = await store.readEpoch();
  let log: FeedLog = createFeedLog((await store.readHead()).seq, logLimits);
  let isDraining = false;
  /** Up to where streams may read, and groups have been told. */
  let flushedTo = log.head;
  /** The groups that this round of heartbeats has not come to yet; undefined once it has come to all. */
  let round: Iterator<ScopeGroup, void> | undefined;
  let roundAt = Number.NEGATIVE_INFINITY;

  const reader = createFeedReader(store, () => log, {
    onAdvance: flush,
    onGap: startAnew,
    onError: options.onError,
  });
  const readTimer = createReadTimer(reader.read, pace);

  /** Tells of what has just joined the log, which may have let go of it again already. */
  function flush(entries: readonly FeedEntry[]): void {
    try {
      tellAll(entries);
    } catch (error) {
      // Some groups may not have been told, and their streams would step over it in silence.
      closeAll();
      throw error;
    }
  }

  function tellAll(entries: readonly FeedEntry[]): void {
    flushedTo = log.head;
    pace.flushed(entries.length);
    options.onEntries?.(entries);
    const touched = groups.tell(entries);
    // Before a stream is rung, which may read them at once.
    for (const { erasedTo } of entries.filter(isPurge)) log.forget(erasedTo);
    ringer.ring(streamsOf(touched));
  }

  /** Goes on from the store's present position: what lies between is lost to this server, so every stream lists anew. */
  async function startAnew(): Promise<void> {
    const [now, head] = [await store.readEpoch(), await store.readHead()];
    if (now !== epoch) await options.onEpoch?.();
    epoch = now;
    log = createFeedLog(head.seq, logLimits);
    flushedTo = log.head;
    closeAll();
    options.onEntries?.([]);
  }

  function closeAll(): void {
    const closed = [...groups];
    for (const group of closed) {
      groups.remove(group);
      group.close();
    }
    ringer.ring(streamsOf(closed));
  }

  function groupOf(scope: Scope): ScopeGroup {
    const known = groups.get(scope.key);
    if (known) return known;
    const live = createLiveTotal(scope, {
      store,
      gate,
      signal: stopped.signal,
      onKnown: () => ringer.ring(groups.get(scope.key)?.streams ?? []),
      onError: options.onError,
    });
    const group = groups.add(scope, flushedTo, live);
    group.idleSince = Date.now();
    return group;
  }

  function positioned({ total, countedAt }: LiveTotal): PositionedTotal | undefined {
    return total && { total, seq: Math.max(flushedTo, countedAt) };
  }

  function forgetIdleGroups(now: number): void {
    // No copy of all groups, of which there may be ten thousand.
    const idle: ScopeGroup[] = [];
    for (const group of groups) if (group.idleSince !== undefined) idle.push(group);
    idle.sort((a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0));
    const surplus = idle.length - maxIdleGroups;
    idle.forEach((group, index) => {
      if (index < surplus || now - (group.idleSince ?? now) > groupIdleMs) groups.remove(group);
    });
  }

  /**
   * Wakes the streams that owe a heartbeat, and counts again where that failed: one timer for all, and a part of all lists each time, for ten thousand at once
   * would hold up whatever else is to be sent.
   */
  async function beat(): Promise<void> {
    const now = performance.now();
    if (!round && now - roundAt < beatMs * beatsARound) return;
    if (!round) roundAt = now;
    round ??= groups[Symbol.iterator]();
    const due: GroupStream[] = [];
    for (let left = Math.ceil(groups.size / beatsARound); left > 0; left -= 1) {
      const { done, value: group } = round.next();
      if (done) {
        round = undefined;
        forgetIdleGroups(Date.now());
        break;
      }
      if (group.streams.size > 0 && !group.live.total) void group.live.count();
      for (const stream of group.streams) if (stream.wakeAt <= now) due.push(stream);
    }
    ringer.ring(due);
  }

  /** Not beyond `to`: whoever ends streams has not been told of that. */
  async function readRange(from: number, to: number, signal: AbortSignal): Promise<readonly FeedEntry[]> {
    return log.after(from, to) ?? (await store.readAfter(from, 1000, signal)).filter(({ seq }) => seq <= to);
  }

  async function checkEpoch(): Promise<void> {
    const [now, head] = [await store.readEpoch(), await store.readHead()];
    // What was forgotten before it was read leaves no row behind that would show the gap.
    if (now === epoch && head.floor <= log.head) readTimer.request();
    else await startAnew();
  }

  const polling = [
    pollEvery(options.pollMs, stopped.signal, async () => readTimer.poll()),
    pollEvery(beatMs, stopped.signal, beat),
    pollEvery(epochPollMs, stopped.signal, () => checkEpoch().catch(options.onError)),
  ];

  return {
    async resume(token, query) {
      if (token === '') return openResumeToken(sealer, token, { epoch, query, seq: 0, floor: 0, maxBehind: 0 });
      const head = await store.readHead();
      return openResumeToken(sealer, token, { epoch, query, ...head, maxBehind: options.maxBehind });
    },
    get epoch() {
      return epoch;
    },
    sealPosition: (position) => sealResumeToken(sealer, position),
    follow(follow) {
      const group = groupOf(follow.scope);
      if (group.idleSince !== undefined) group.idleSince = Date.now();
      void group.live.count();
      return followFeed(follow, group, {
        isDraining: () => isDraining,
        flushedTo: () => flushedTo,
        entryAt: (seq) => log.at(seq),
        readRange,
        onStream: pace.onStream,
        sealPosition: (position) => sealResumeToken(sealer, position),
        isPresent: () => follow.epoch === epoch,
        heartbeatMs: options.heartbeatMs,
        maxAgeMs: options.maxAgeMs,
        maxBehind: options.maxBehind,
      });
    },
    async total(scope, waitMs, signal) {
      const group = groupOf(scope);
      if (group.idleSince !== undefined) group.idleSince = Date.now();
      if (group.live.total) return positioned(group.live);
      group.waiting.add(signal);
      signal.addEventListener('abort', () => {
        group.waiting.delete(signal);
        if (group.waiting.size === 0 && group.streams.size === 0) group.live.abandon();
      });
      const patience = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
      await untilAborted(group.live.count(), patience).catch(() => undefined);
      group.waiting.delete(signal);
      return positioned(group.live);
    },
    log: () => log,
    hint: readTimer.request,
    checkEpoch,
    drain() {
      isDraining = true;
      ringer.ring(streamsOf(groups));
    },
    async stop() {
      stopped.abort();
      await Promise.all(polling);
      await reader.stop();
      readTimer.stop();
      ringer.stop();
    },
  };
}

function* streamsOf(groups: Iterable<ScopeGroup>): Iterable<GroupStream> {
  for (const group of groups) yield* group.streams;
}
