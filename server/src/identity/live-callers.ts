import { type User, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Caller } from '../rpc/context.ts';
import { permissionDenied, type RpcError, unauthenticated } from '../rpc/rpc-error.ts';
import { type FeedEntry, isChange, isPurge, type Revocation } from '../watch/feed-change.ts';

/**
 * The open streams of this server by their callers, so that they end when the caller's rights do.
 *
 * What ends them stands in the feed: a revocation, or the change of a user. It is told here before any stream is told of the same position, so that nothing behind
 * it reaches them, on any server.
 */
export interface LiveCallers {
  /** Take it before the caller's credentials are read: `register` then knows what was told since. */
  mark(): number;
  /** Ends the stream by `end` as soon as the caller's rights have ended, which may be at once. Returns what forgets it. */
  register(caller: Caller, mark: number, end: (error: RpcError) => void): () => void;
  tell(entries: readonly FeedEntry[]): void;
  /** Ends the streams whose session or token is no longer good by the clock, or by what this server was never told. */
  recheck(): Promise<void>;
}

/** What is told of a caller's rights. */
type Verdict = (caller: Caller) => RpcError | undefined;

/** How many verdicts are remembered for calls whose credentials are just being read. */
const keptVerdicts = 1000;

export function createLiveCallers(parts: {
  findLiveSessions(ids: readonly string[]): Promise<ReadonlySet<string>>;
  findLiveTokens(ids: readonly string[]): Promise<ReadonlySet<string>>;
}): LiveCallers {
  const streams = new Set<{ readonly caller: Caller; readonly end: (error: RpcError) => void }>();
  let verdicts: Verdict[] = [];
  let toldCount = 0;

  return {
    mark: () => toldCount,
    register(caller, mark, end) {
      const missed = toldCount - mark;
      if (missed > verdicts.length) {
        end(sessionEnded());
        return () => undefined;
      }
      const error = firstError(missed === 0 ? [] : verdicts.slice(-missed), caller);
      if (error) end(error);
      const stream = { caller, end };
      streams.add(stream);
      return () => void streams.delete(stream);
    },
    tell(entries) {
      const told = entries.flatMap((entry) => verdictOf(entry) ?? []);
      if (told.length === 0) return;
      toldCount += told.length;
      verdicts = [...verdicts, ...told].slice(-keptVerdicts);
      for (const stream of [...streams]) {
        const error = firstError(told, stream.caller);
        if (error) stream.end(error);
      }
    },
    async recheck() {
      const open = [...streams];
      const sessions = new Set(open.flatMap(({ caller }) => caller.sessionId ?? []));
      const tokens = new Set(open.flatMap(({ caller }) => caller.tokenId ?? []));
      const liveSessions = sessions.size > 0 ? await parts.findLiveSessions([...sessions]) : sessions;
      const liveTokens = tokens.size > 0 ? await parts.findLiveTokens([...tokens]) : tokens;
      for (const { caller, end } of open) {
        const isLive =
          caller.sessionId === undefined
            ? caller.tokenId === undefined || liveTokens.has(caller.tokenId)
            : liveSessions.has(caller.sessionId);
        if (!isLive) end(sessionEnded());
      }
    },
  };
}

function firstError(verdicts: readonly Verdict[], caller: Caller): RpcError | undefined {
  for (const verdict of verdicts) {
    const error = verdict(caller);
    if (error) return error;
  }
  return undefined;
}

function verdictOf(entry: FeedEntry): Verdict | undefined {
  // Whoever is erased was deleted before, and has no rights left.
  if (isPurge(entry)) return undefined;
  if (!isChange(entry)) return (caller) => (isRevoked(entry, caller) ? sessionEnded() : undefined);
  const { userId, before, after } = entry;
  if (!before || !changesRights(before, after)) return undefined;
  const mayEnter = after.state === UserState.ACTIVE && !after.deletedAt;
  return (caller) => {
    if (caller.userId !== userId) return undefined;
    return mayEnter ? permissionDenied('RIGHTS_CHANGED', 'Your role has changed.') : sessionEnded();
  };
}

function isRevoked({ revoked }: Revocation, caller: Caller): boolean {
  if (revoked.tokenId !== undefined) return caller.tokenId === revoked.tokenId;
  if (revoked.sessionId !== undefined) return caller.sessionId === revoked.sessionId;
  if (revoked.userId === undefined || caller.userId !== revoked.userId || caller.sessionId === undefined) return false;
  return caller.sessionId !== revoked.sparedSessionId;
}

function changesRights(before: User, after: User): boolean {
  return (
    before.role !== after.role ||
    before.state !== after.state ||
    (before.deletedAt === undefined) !== (after.deletedAt === undefined)
  );
}

/** What everybody reads whose session is over, whatever the cause. */
function sessionEnded(): RpcError {
  return unauthenticated('NOT_SIGNED_IN', 'You are not signed in.');
}
