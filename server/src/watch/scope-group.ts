import type { UserFeed_Total } from '@roster/proto/gen/userservice/v1/user';
import type { Encoded } from '../rpc/context.ts';
import { encodeChanges } from './encode-feed.ts';
import type { FeedChange } from './feed-change.ts';
import { foldChanges, type Judgement } from './fold-changes.ts';
import type { LiveTotal } from './live-total.ts';
import type { Scope } from './scope.ts';

/** A step of a stream: what to send, if anything, to be at `to`. */
export interface Step {
  readonly to: number;
  readonly message: Encoded | undefined;
}

/** All that streams of one scope share: each change is judged once, each message made once. */
export interface ScopeGroup {
  readonly scope: Scope;
  /** Up to where streams may read. */
  readonly flushedTo: number;
  readonly streams: Set<() => void>;
  /** The calls that wait for the total. */
  readonly waiting: Set<AbortSignal>;
  total(): UserFeed_Total | undefined;
  readonly live: LiveTotal;
  /** Lets the streams read on up to the end of `changes`, the range since the last call. */
  flush(changes: readonly FeedChange[], to: number): void;
  /** The step from a position over `changes`, the range from it to `flushedTo` or a part of that. */
  step(from: number, changes: readonly FeedChange[]): Step;
  wake(): void;
  /** The log went on without this group: its streams must list anew. */
  close(): void;
  readonly isClosed: boolean;
  /** When the last stream left, in epoch milliseconds; undefined while there is one. */
  idleSince: number | undefined;
}

const stepLimits = { ids: 500, bytes: 64 * 1024 };
const keptSteps = 64;
const keptJudgements = 1024;

export function createScopeGroup(scope: Scope, start: number, live: LiveTotal): ScopeGroup {
  const judgements = createJudgements(scope);
  const steps = new Map<number, Step & { readonly until: number }>();
  const streams = new Set<() => void>();
  let flushedTo = start;
  let isClosed = false;
  const wake = () => {
    for (const wakeStream of streams) wakeStream();
  };

  return {
    scope,
    streams,
    live,
    idleSince: undefined,
    get flushedTo() {
      return flushedTo;
    },
    total: () => (live.size === undefined ? undefined : { size: live.size, isMinimum: false }),
    waiting: new Set(),
    flush(changes, to) {
      for (const change of changes) {
        const { before, after } = judgements.of(change);
        live.apply(change.seq, Number(after) - Number(before));
      }
      flushedTo = to;
    },
    step(from, changes) {
      const until = changes.at(-1)?.seq ?? from;
      const known = steps.get(from);
      if (known?.until === until) return known;
      const { upserts, removals, to } = foldChanges(changes, judgements.of, stepLimits);
      const isSilent = upserts.length + removals.length === 0;
      const message = isSilent
        ? undefined
        : encodeChanges(
            upserts.map((change) => change.afterBytes),
            removals,
          );
      const step = { to, message, until };
      steps.set(from, step);
      for (const oldest of steps.keys()) {
        if (steps.size <= keptSteps) break;
        steps.delete(oldest);
      }
      return step;
    },
    wake,
    get isClosed() {
      return isClosed;
    },
    close() {
      isClosed = true;
      wake();
    },
  };
}

/** Judges changes by the scope and remembers the newest answers, for the total and the messages ask twice. */
function createJudgements(scope: Scope): { of(change: FeedChange): Judgement } {
  const seqs = new Float64Array(keptJudgements);
  const bits = new Uint8Array(keptJudgements);
  return {
    of(change) {
      const slot = change.seq % keptJudgements;
      if (seqs[slot] !== change.seq) {
        const before = change.before !== undefined && scope.matches(change.before);
        seqs[slot] = change.seq;
        bits[slot] = Number(before) + 2 * Number(scope.matches(change.after));
      }
      const found = bits[slot] ?? 0;
      return { before: (found & 1) !== 0, after: (found & 2) !== 0 };
    },
  };
}
