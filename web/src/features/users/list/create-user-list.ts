import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { defaultOrder, epochMs, parseOrderBy } from '@roster/proto/order';
import type { FeedSlots } from '../../../lib/feed-slots.ts';
import type { PageSignals } from '../../../lib/page-signals.ts';
import type { Scheduler } from '../../../lib/scheduler.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { type FeedSink, openFeed } from './feed-connection.ts';
import { createListRows } from './list-rows.ts';
import { createPageLoader } from './page-loader.ts';
import { type LoadPlan, planLoad, skipTo } from './plan-load.ts';
import { createShownRows } from './shown-rows.ts';
import type { View } from './trim-windows.ts';
import type { Total, UserList, UserListQuery, UserListSnapshot } from './user-list.ts';
import { countRows, isCovered, knownLength, type Place, type Windows } from './windows.ts';

export interface UserListParts {
  readonly client: IUserServiceClient;
  readonly query: UserListQuery;
  readonly scheduler: Scheduler;
  readonly page: PageSignals;
  readonly slots: FeedSlots;
  /** Between 0 and 1, as `Math.random`. */
  readonly random: () => number;
  readonly pageSize?: number;
  /** More rows than these are not kept. */
  readonly maxRows?: number;
}

/** A guessed rank is read again when the view has rested for so long. */
const restMs = 1000;
/** A change that seems older than this was not late. */
const longestLagMs = 60_000;

/** Opens a live list: reads its first page, follows it, and loads what comes into view. */
export function createUserList(parts: UserListParts): UserList {
  const { client, query, scheduler, page, slots, random, pageSize = 100, maxRows = 4000 } = parts;
  const rows = createListRows(parseOrderBy(query.orderBy) ?? defaultOrder);
  const shown = createShownRows(rows, () => changed());
  const listeners = new Set<() => void>();
  let view: View = { first: 0, last: 0 };
  let status: UserListSnapshot['status'] = 'loading';
  let error: AppError | undefined;
  let total: Total | undefined;
  /** The total that belongs to the rows on screen; while they are held still it does not count arrivals. */
  let shownTotal: Total | undefined;
  /** The feed keeps the exact total; a page that was read meanwhile may say an older one. */
  let isTotalFollowed = false;
  let roundTripMs: number | undefined;
  let feedLagMs: number | undefined;
  let cancelFrame: (() => void) | undefined;
  let cancelRest: (() => void) | undefined;
  let isResting = false;
  const openedAt = scheduler.now();

  function changed(): void {
    cancelFrame ??= scheduler.beforeFrame(() => {
      cancelFrame = undefined;
      shown.follow();
      if (!shown.isHeld() || shownTotal?.isMinimum !== false) shownTotal = total;
      snapshot = takeSnapshot();
      for (const listener of [...listeners]) listener();
      loader.poke();
    });
  }

  function setTotal(next: Total | undefined): void {
    if (!next) return;
    total = next;
    if (!next.isMinimum) rows.setTotal(next.size);
  }

  function letIn(): void {
    shown.letIn();
    shownTotal = total;
  }

  const sink: FeedSink = {
    snapshot(fresh) {
      if (status !== 'ready') roundTripMs = scheduler.now() - openedAt;
      [status, error] = ['ready', undefined];
      isTotalFollowed = false;
      rows.replace(fresh);
      setTotal(fresh.total);
      letIn();
      loader.restart();
      changed();
    },
    changes(upserts, removals) {
      const now = scheduler.now();
      shown.arrived(rows.applyChanges(upserts, removals, now));
      const newest = Math.max(0, ...upserts.map(({ updatedAt }) => epochMs(updatedAt)));
      // A row that was brought in with times of its own says nothing about the way, nor does what was missed meanwhile.
      if (newest >= (feed.openedAt() ?? now) && now - newest < longestLagMs) feedLagMs = Math.max(0, now - newest);
      changed();
    },
    total(next) {
      isTotalFollowed = !next.isMinimum;
      setTotal(next);
      changed();
    },
    connection: () => changed(),
    failed(reason) {
      if (status !== 'ready') [status, error] = ['failed', reason];
      changed();
    },
  };

  function nextPlan(): LoadPlan | undefined {
    if (status !== 'ready') return undefined;
    const windows = shown.windows();
    const canFollow = (place: Place) => isCovered(rows.windows(), place);
    const plan = planLoad(windows, view, rowCountOf(windows, shownTotal), pageSize, canFollow);
    if (plan?.kind === 'skip') return { ...plan, skip: Math.max(0, plan.skip + shown.driftAt(plan.skip)) };
    if (plan || !isResting || shown.isHeld()) return plan;
    isResting = false;
    const inView = windows.segments.find(
      ({ rank, rows: { length } }) => rank <= view.first && view.first < rank + length,
    );
    return inView?.isRankGuessed ? skipTo(view.first) : undefined;
  }

  const loader = createPageLoader({
    client,
    query,
    pageSize,
    scheduler,
    rows,
    nextPlan,
    onPage(read, plan, laid, tookMs) {
      roundTripMs = tookMs;
      if (laid) shown.lay(laid, plan);
      if (!isTotalFollowed) setTotal(read.total);
      if (countRows(rows.windows()) > maxRows) {
        rows.trim(view, maxRows * 0.75);
        shown.trim(view, maxRows * 0.75);
      }
      shown.follow();
      changed();
    },
  });

  function rest(): void {
    cancelRest?.();
    isResting = false;
    cancelRest = scheduler.after(restMs, () => {
      isResting = true;
      loader.poke();
    });
  }

  function takeSnapshot(): UserListSnapshot {
    const windows = shown.windows();
    return {
      status,
      error,
      isPrevious: false,
      connection: feed.state(),
      total,
      rowCount: rowCountOf(windows, shownTotal),
      arrivals: shown.arrivals(),
      roundTripMs,
      feedLagMs,
      reconnects: feed.reconnects(),
      lastFrameAt: feed.lastFrameAt(),
      loadedRows: countRows(windows),
    };
  }

  const feed = openFeed({ client, query, pageSize, scheduler, page, slots, random, sink });
  let snapshot = takeSnapshot();
  return {
    query,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    rowAt: shown.rowAt,
    indexOf: shown.indexOf,
    find: rows.find,
    show(first, last) {
      if (first === view.first && last === view.last) return;
      view = { first, last };
      rest();
      loader.poke();
    },
    hold: shown.hold,
    showArrivals() {
      letIn();
      changed();
    },
    applyAnswer(user) {
      rows.answer(user);
      changed();
    },
    applyDelete(id) {
      const undo = rows.hide(id);
      changed();
      return () => {
        undo();
        changed();
      };
    },
    retry() {
      if (status === 'failed') [status, error] = ['loading', undefined];
      feed.retry();
      changed();
    },
    close() {
      feed.close();
      loader.stop();
      cancelRest?.();
      cancelFrame?.();
      listeners.clear();
    },
  };
}

/** How many rows the scrollbar spans: what is known of the list, else what the server has counted. */
function rowCountOf(windows: Windows, total: Total | undefined): number {
  const { length, isWhole } = knownLength(windows);
  return isWhole ? length : Math.max(length, total?.size ?? 0);
}
