import type { User, UserFeed_Total } from '@roster/proto/gen/userservice/v1/user';
import type { Encoded } from '../rpc/context.ts';
import { encodeChanges } from './encode-feed.ts';
import { type FeedChange, type FeedEntry, isChange, isPurge, type Purge } from './feed-change.ts';
import { foldChanges, type Judgement } from './fold-changes.ts';
import type { LiveTotal } from './live-total.ts';
import type { Scope } from './scope.ts';

/** A step of a stream: what to send, if anything, to be at `to`. */
export interface Step {
  readonly to: number;
  readonly message: Encoded | undefined;
}

/** What the checkpoints of a scope depend on, besides its total. */
export interface CheckpointPlace {
  readonly cursor: number;
  readonly query: string;
  readonly behind: number;
}

/** A stream of a group, as the hub sees it. */
export interface GroupStream {
  readonly isOpen: boolean;
  ring(): void;
  /** When it must be rung although nothing happened, by `performance.now()`. */
  wakeAt: number;
}

export const wasVisible = 1;
export const isVisible = 2;

/** All that streams of one scope share: each change is judged once, each message made once. A change that does not touch the scope costs it nothing. */
export interface ScopeGroup {
  readonly scope: Scope;
  readonly streams: Set<GroupStream>;
  /** The calls that wait for the total. */
  readonly waiting: Set<AbortSignal>;
  readonly live: LiveTotal;
  /** Notes that `user` was visible before a change, or is after it. The group must be told of every such change, in order. */
  touch(seq: number, side: typeof wasVisible | typeof isVisible, user: User): void;
  /** Notes that somebody was erased, of whom nobody knows any more whether they were visible: it counts anew. For groups that show deleted users. */
  erase(purge: Purge): void;
  /** Lets go of the messages that it has made. */
  forgetMessages(): void;
  /**
   * The step from a position to another, over the changes that touched the scope between; undefined where the group does not remember so far back. `entryAt`
   * finds a change by its position.
   */
  stepTo(from: number, to: number, entryAt: (seq: number) => FeedEntry | undefined): Step | undefined;
  /** The step from a position over `entries`, the range that follows it. */
  stepOver(from: number, entries: readonly FeedEntry[]): Step;
  /** Encodes a checkpoint, once for all streams that stand where this one does; `make` is asked for the first of them. */
  checkpoint(place: CheckpointPlace, make: () => Encoded): Encoded;
  /** The log went on without this group: its streams must list anew, as soon as they are rung. */
  close(): void;
  readonly isClosed: boolean;
  /** When the last stream left, in epoch milliseconds; undefined while there is one. */
  idleSince: number | undefined;
}

const stepLimits = { ids: 500, bytes: 64 * 1024 };
/** Of steps and of checkpoints. */
const keptMessages = 16;
const keptTouches = 256;

/** `start`: from the changes after it on the group is told. */
export function createScopeGroup(scope: Scope, start: number, live: LiveTotal): ScopeGroup {
  const streams = new Set<GroupStream>();
  const steps = new Map<string, Step>();
  const checkpoints = new Map<string, Encoded>();
  /** The total that `checkpoints` say. */
  let toldTotal: UserFeed_Total | undefined;
  /** Position and judgement of the newest changes that touched the scope: `seq * 4 + bits`. */
  let touches: number[] = [];
  let knownFrom = start;
  let isClosed = false;

  /** Undefined where an entry is no longer known. */
  const stepOverTouches = (
    touched: readonly number[],
    entryAt: (seq: number) => FeedEntry | undefined,
  ): Step | undefined => {
    const changes = touched.map((touch) => entryAt(seqOf(touch)));
    if (!changes.every((change) => change !== undefined && (isChange(change) || isPurge(change)))) return undefined;
    const bits = new Map(touched.map((touch) => [seqOf(touch), touch % 4]));
    return makeStep(scope, changes, ({ seq }) => judgementOf(bits.get(seq) ?? 0));
  };

  const note = (seq: number, side: typeof wasVisible | typeof isVisible) => {
    const last = touches.length - 1;
    const newest = touches[last] ?? 0;
    if (seqOf(newest) === seq) touches[last] = newest + side;
    else touches.push(seq * 4 + side);
    if (touches.length > 2 * keptTouches) {
      knownFrom = seqOf(touches[keptTouches] ?? 0);
      touches = touches.slice(keptTouches + 1);
    }
  };

  return {
    scope,
    streams,
    live,
    idleSince: undefined,
    waiting: new Set(),
    touch(seq, side, user) {
      note(seq, side);
      live.apply(seq, user, side === isVisible ? 1 : -1);
    },
    erase({ seq }) {
      note(seq, wasVisible);
      live.forget();
      if (streams.size > 0) void live.count();
    },
    forgetMessages: () => steps.clear(),
    stepTo(from, to, entryAt) {
      if (from < knownFrom) return undefined;
      const [start, end] = placesBetween(touches, from, to);
      const [first, last] = [touches[start], touches[end - 1]];
      if (start === end || first === undefined || last === undefined) return { to, message: undefined };
      // Wherever streams stand, those that lack the same changes share the message.
      const step = shared(steps, `${first} ${last}`, () => stepOverTouches(touches.slice(start, end), entryAt));
      return step && step.to === seqOf(last) ? { ...step, to } : step;
    },
    stepOver(from, entries) {
      const until = entries.at(-1)?.seq ?? from;
      return shared(steps, `over ${from} ${until}`, () =>
        makeStep(scope, entries, ({ before, after }) => ({
          before: before !== undefined && scope.matches(before),
          after: scope.matches(after),
        })),
      );
    },
    checkpoint({ cursor, query, behind }, make) {
      if (toldTotal !== live.total) checkpoints.clear();
      toldTotal = live.total;
      return shared(checkpoints, `${cursor} ${behind} ${query}`, make);
    },
    get isClosed() {
      return isClosed;
    },
    close() {
      isClosed = true;
    },
  };
}

/** What was made for a key, or is made now, if it can be; the oldest are forgotten. */
function shared<T extends object, Made extends T | undefined>(
  kept: Map<string, T>,
  key: string,
  make: () => Made,
): T | Made {
  const known = kept.get(key);
  if (known) return known;
  const made = make();
  if (made) kept.set(key, made);
  for (const oldest of kept.keys()) {
    if (kept.size <= keptMessages) break;
    kept.delete(oldest);
  }
  return made;
}

function makeStep(scope: Scope, entries: readonly FeedEntry[], judge: (change: FeedChange) => Judgement): Step {
  const { upserts, removals, to } = foldChanges(entries, judge, stepLimits, scope.showsDeleted);
  if (upserts.length + removals.length === 0) return { to, message: undefined };
  const message = encodeChanges(
    upserts.map((change) => change.afterBytes),
    removals,
  );
  return { to, message };
}

function judgementOf(bits: number): Judgement {
  return { before: (bits & wasVisible) !== 0, after: (bits & isVisible) !== 0 };
}

function seqOf(touch: number): number {
  return Math.floor(touch / 4);
}

/** Where the touches of a range begin and end. Reads from the end, where streams that keep up stand. */
function placesBetween(touches: readonly number[], from: number, to: number): readonly [start: number, end: number] {
  let end = touches.length;
  while (end > 0 && (touches[end - 1] ?? 0) >= (to + 1) * 4) end -= 1;
  let start = end;
  while (start > 0 && (touches[start - 1] ?? 0) >= (from + 1) * 4) start -= 1;
  return [start, end];
}
