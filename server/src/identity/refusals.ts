import type { Connection, Database } from '../database/database.ts';
import type { Interceptor } from '../rpc/call.ts';
import type { CallContext } from '../rpc/context.ts';
import { Code, RpcError, reasonOf } from '../rpc/rpc-error.ts';

/** The part of a refused call that is written down. */
export type RefusedCall = Pick<CallContext, 'method' | 'caller' | 'requestId' | 'address'>;

/** Writes down what known callers were refused, folded by caller, method, reason and minute. */
export interface Refusals {
  /** Notes a failure if it is a refusal. Neither waits nor fails. */
  note(call: RefusedCall, error: unknown): void;
  /** Notes what calls fail with. Runs after authenticate: who is not known is not written down. */
  readonly interceptor: Interceptor;
  /** Writes what is left. */
  stop(): Promise<void>;
}

/** Rules that protect people from callers who may do such a thing in general. */
const protectingRules: ReadonlySet<string> = new Set(['LAST_ADMIN', 'SELF_CHANGE_UNCONFIRMED']);

/** What happens to whoever does nothing wrong: the console asks them anew, and goes on. */
const passingReasons: ReadonlySet<string> = new Set(['FRESH_SIGN_IN_REQUIRED', 'RIGHTS_CHANGED']);

/** How many folds are open at one time. What would be beyond them stays in the log and the metrics. */
const openFoldsMax = 1000;

interface Fold {
  readonly minute: Date;
  readonly method: string;
  readonly reason: string;
  /** The last one. */
  call: RefusedCall;
  unwritten: number;
  /** Until it fires, further refusals are only counted. */
  pause: NodeJS.Timeout | undefined;
}

/**
 * `writeEveryMs`: the first refusal of a fold is written at once, those that follow are counted in memory for so long. Whatever callers do, one statement at a time
 * writes, for all folds together.
 */
export function createRefusals(parts: {
  readonly database: Database;
  readonly clock: () => Date;
  readonly writeEveryMs: number;
  readonly onError: (error: unknown) => void;
}): Refusals {
  const folds = new Map<string, Fold>();
  let writing: Promise<void> | undefined;
  let isStopped = false;

  function note(call: RefusedCall, error: unknown): void {
    const reason = refusalIn(error);
    if (reason === undefined) return;
    const minute = new Date(Math.floor(parts.clock().getTime() / 60_000) * 60_000);
    const key = JSON.stringify([minute.getTime(), call.caller.id, call.method, reason]);
    const fold = folds.get(key) ?? { minute, method: call.method, reason, call, unwritten: 0, pause: undefined };
    if (!folds.has(key) && folds.size >= openFoldsMax) return;
    folds.set(key, fold);
    fold.call = call;
    fold.unwritten += 1;
    if (!fold.pause) write();
  }

  function write(): void {
    writing ??= writeDue().finally(() => {
      writing = undefined;
    });
  }

  async function writeDue(): Promise<void> {
    // Lets the refusals of the same moment, as of the rows of one load, come together.
    await Promise.resolve();
    for (let due = takeDue(); due.length > 0; due = takeDue()) {
      try {
        await upsert(parts.database, due);
      } catch (error) {
        for (const { fold, count } of due) fold.unwritten += count;
        parts.onError(error);
        if (isStopped) return;
      }
    }
  }

  function takeDue(): Due[] {
    const due: Due[] = [];
    for (const [key, fold] of folds) {
      if (fold.unwritten === 0 || (fold.pause && !isStopped)) continue;
      due.push({ fold, count: fold.unwritten });
      fold.unwritten = 0;
      clearTimeout(fold.pause);
      fold.pause = setTimeout(() => endPause(key, fold), parts.writeEveryMs).unref();
    }
    return due;
  }

  function endPause(key: string, fold: Fold): void {
    fold.pause = undefined;
    if (fold.unwritten > 0) write();
    else folds.delete(key);
  }

  return {
    note,
    interceptor: (call) => (failure) => {
      const { caller, method, requestId, address } = call;
      if (caller) note({ caller, method: method.path, requestId, address }, failure);
    },
    async stop() {
      isStopped = true;
      await writing;
      write();
      await writing;
      for (const fold of folds.values()) clearTimeout(fold.pause);
    },
  };
}

/** How long refusals are told. */
const kept = '400 days';

export async function forgetRefusals(connection: Connection): Promise<void> {
  await connection.query('delete from refusals where minute < now() - $1::interval', [kept]);
}

function refusalIn(error: unknown): string | undefined {
  if (!(error instanceof RpcError)) return undefined;
  const reason = reasonOf(error);
  const isRefusal =
    (error.code === Code.PERMISSION_DENIED && !passingReasons.has(reason)) ||
    (error.code === Code.FAILED_PRECONDITION && protectingRules.has(reason));
  return isRefusal ? reason : undefined;
}

interface Due {
  readonly fold: Fold;
  readonly count: number;
}

/** Whoever was erased since is not written down again. In the order of their keys, so that two servers cannot wait for each other. */
async function upsert(database: Database, due: readonly Due[]): Promise<void> {
  const rows = due.map(({ fold: { minute, method, reason, call }, count }) => ({
    minute: minute.toISOString(),
    caller_id: call.caller.id,
    method,
    reason,
    caller: call.caller.name,
    session_id: call.caller.sessionId ?? null,
    token_id: call.caller.tokenId ?? null,
    address: call.address,
    count,
    request_id: call.requestId,
  }));
  await database.run(undefined, (connection) =>
    connection.query(
      `insert into refusals (minute, caller_id, method, reason, caller, session_id, token_id, address, count, request_id)
       select * from jsonb_to_recordset($1) as r(minute timestamptz, caller_id text, method text, reason text, caller text,
         session_id text, token_id text, address text, count int, request_id text)
       where caller_id not in (select id::text from purged_users where id = any($2::uuid[]))
       order by minute, caller_id, method, reason
       on conflict (minute, caller_id, method, reason) do update set count = refusals.count + excluded.count,
         caller = excluded.caller, session_id = excluded.session_id, token_id = excluded.token_id, address = excluded.address,
         request_id = excluded.request_id`,
      [JSON.stringify(rows), due.flatMap(({ fold: { call } }) => call.caller.userId ?? [])],
    ),
  );
}
