import type { ListUserChangesRequest, UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import type { IHistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import { epochMs } from '@roster/proto/order';
import { timing } from '@roster/proto/timing';
import { type LiveEnd, type LiveHost, type LiveSign, openLiveFeed } from '../../../live/live-feed.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { background } from '../../../rpc/background.ts';
import { isCancel, rpcFailure } from '../../../rpc/rpc-failure.ts';
import { toAppError } from '../../../rpc/to-app-error.ts';
import { type ChangeFilter, type ChangePage, changesRequest, readChanges } from '../api/change-filter.ts';
import type { ChangeList, ChangeListSnapshot } from './change-list.ts';
import { addChanges, appendPage, countArrivals, eraseUsers, keepKnown, type Stretch } from './stretch.ts';

export interface ChangeListParts extends LiveHost {
  readonly client: IHistoryServiceClient;
  readonly filter: ChangeFilter;
  readonly pageSize?: number;
  /** When so many have come live, the list begins anew with its first page: nobody reads them all. */
  readonly maxLive?: number;
}

/** A change that seems older than this was not slow. */
const longestLagMs = 60_000;

/** Envoy cannot see the request's body; this tells it the route of the feed, which has no timeout. */
const feedHeader = { 'x-roster-feed': '1' } as const;

/** Opens a live list of changes: reads its first page, follows it, and reads older ones when asked. */
export function createChangeList(parts: ChangeListParts): ChangeList {
  const { client, filter, pageSize = 50, maxLive = 1000, ...host } = parts;
  const { scheduler } = host;
  const listeners = new Set<() => void>();
  const closed = new AbortController();
  let current: Stretch | undefined;
  /** What is shown while it is held still; undefined while it is `current`. */
  let held: Stretch | undefined;
  let holdCount = 0;
  let liveCount = 0;
  let status: ChangeListSnapshot['status'] = 'loading';
  let error: AppError | undefined;
  let isLoadingMore = false;
  let moreError: AppError | undefined;
  let roundTripMs: number | undefined;
  let feedLagMs: number | undefined;
  let cancelFrame: (() => void) | undefined;

  function changed(): void {
    cancelFrame ??= scheduler.beforeFrame(() => {
      cancelFrame = undefined;
      snapshot = takeSnapshot();
      for (const listener of [...listeners]) listener();
    });
  }

  /** Lets a new state of the list in; what is shown follows unless it is held. */
  function set(next: Stretch): void {
    if (holdCount > 0 && status === 'ready') held ??= current;
    current = next;
    [status, error] = ['ready', undefined];
    changed();
  }

  function adopt(page: ChangePage): void {
    liveCount = 0;
    set(page);
    held &&= keepKnown(held, page);
  }

  /** All of the list that is held is asked for anew, or as much of it as the server gives at a time. */
  function newestRequest(): ListUserChangesRequest {
    return changesRequest(filter, Math.max(pageSize, current?.changes.length ?? 0));
  }

  function add(added: readonly UserChange[]): void {
    if (!current) return;
    set(addChanges(current, added));
    const now = scheduler.now();
    const newest = Math.max(...added.map(({ changedAt }) => epochMs(changedAt)));
    const lagMs = now - newest;
    // One that was committed late says nothing about the way, nor does one that was missed meanwhile.
    if (newest >= (feed.openedAt() ?? now) && lagMs < longestLagMs) feedLagMs = Math.max(0, lagMs);
    liveCount += added.length;
    if (liveCount > maxLive) beginAnew();
  }

  /** The entries between the newest ones and the first page are let go; whoever reads them keeps them until they let go too. */
  function beginAnew(): void {
    liveCount = 0;
    readChanges(client, changesRequest(filter, pageSize), closed.signal, background).then(
      // What came live while the page was read may not be in it.
      (page) => set(addChanges(page, current?.changes ?? [])),
      () => undefined,
    );
  }

  function erase(userIds: readonly string[]): void {
    if (current) current = eraseUsers(current, userIds);
    if (held) held = eraseUsers(held, userIds);
    changed();
  }

  async function follow(abort: AbortSignal, tell: (sign: LiveSign) => void): Promise<LiveEnd> {
    const askedAt = scheduler.now();
    const request = { ...newestRequest(), watch: true };
    const { responses } = client.listUserChanges(request, { abort, meta: { ...feedHeader } });
    let page: UserChange[] | undefined = [];
    for await (const message of responses) {
      if (abort.aborted) break;
      if (!page) {
        if (message.erasedUserIds.length > 0) erase(message.erasedUserIds);
        if (message.changes.length > 0) add(message.changes);
        tell({ kind: 'behind', count: 0 });
        continue;
      }
      page.push(...message.changes);
      if (!message.endsPage) tell({ kind: 'alive' });
      else {
        roundTripMs ??= scheduler.now() - askedAt;
        adopt({ changes: page, nextPageToken: message.nextPageToken });
        page = undefined;
        tell({ kind: 'opened', heartbeatMs: timing.heartbeatMs, isCaughtUp: true });
      }
    }
    if (page) throw rpcFailure('UNAVAILABLE', 'The history ended before its first page.');
    return { kind: 'go-away', retryAfterMs: 0 };
  }

  const feed = openLiveFeed(
    host,
    {
      follow,
      async read(abort) {
        const meta = status === 'ready' ? background : {};
        adopt(await readChanges(client, newestRequest(), abort, meta));
      },
    },
    {
      connection: changed,
      failed(reason) {
        if (status !== 'ready') [status, error] = ['failed', reason];
        changed();
      },
    },
  );

  async function loadMore(): Promise<void> {
    const from = held ?? current;
    if (!from || from.nextPageToken === '' || isLoadingMore) return;
    isLoadingMore = true;
    moreError = undefined;
    changed();
    try {
      const request = { ...changesRequest(filter, pageSize), pageToken: from.nextPageToken };
      const page = await readChanges(client, request, closed.signal);
      const isSame = (stretch: Stretch | undefined) => stretch?.nextPageToken === from.nextPageToken;
      if (held && isSame(held)) held = appendPage(held, page);
      if (current && isSame(current)) current = appendPage(current, page);
    } catch (thrown) {
      if (!isCancel(thrown)) moreError = toAppError(thrown);
    }
    isLoadingMore = false;
    changed();
  }

  function takeSnapshot(): ChangeListSnapshot {
    const shown = held ?? current;
    return {
      status,
      error,
      isPrevious: false,
      changes: shown?.changes ?? [],
      arrivals: held && current ? countArrivals(held, current) : 0,
      hasMore: shown !== undefined && shown.nextPageToken !== '',
      moreError,
      connection: feed.state(),
      lastFrameAt: feed.lastFrameAt(),
      reconnects: feed.reconnects(),
      roundTripMs,
      feedLagMs,
    };
  }

  function letIn(): void {
    held = undefined;
    changed();
  }

  let snapshot = takeSnapshot();
  return {
    filter,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    loadMore: () => void loadMore(),
    hold() {
      let isMine = true;
      holdCount += 1;
      return () => {
        if (!isMine) return;
        isMine = false;
        holdCount -= 1;
        if (holdCount === 0) letIn();
      };
    },
    showArrivals: letIn,
    retry() {
      if (status === 'failed') [status, error] = ['loading', undefined];
      feed.retry();
      changed();
    },
    close() {
      closed.abort();
      feed.close();
      cancelFrame?.();
      listeners.clear();
    },
  };
}
