import type { ChangeFilter } from '../api/change-filter.ts';
import type { ChangeList, ChangeListSnapshot } from './change-list.ts';

/** A list whose filter can be changed: the entries before stay, dimmed, until the first page of the new one is there, also when that failed. */
export interface SwitchingChangeList extends Omit<ChangeList, 'filter'> {
  /** Goes over to another filter; the same one changes nothing, unless the list was closed. */
  switchTo(filter: ChangeFilter): void;
}

const nothingYet: ChangeListSnapshot = {
  status: 'loading',
  error: undefined,
  isPrevious: false,
  changes: [],
  arrivals: 0,
  hasMore: false,
  moreError: undefined,
  connection: { kind: 'connecting' },
  lastFrameAt: undefined,
  reconnects: 0,
  roundTripMs: undefined,
  feedLagMs: undefined,
};

/** Makes a list that opens nothing before the first `switchTo`, and may be used again after `close`. */
export function createSwitchingChangeList(open: (filter: ChangeFilter) => ChangeList): SwitchingChangeList {
  const listeners = new Set<() => void>();
  /** Who holds the list still, each with what lets go of the list of now. */
  const holds = new Set<{ release: () => void }>();
  let current: ChangeList | undefined;
  let next: ChangeList | undefined;
  let snapshot = nothingYet;

  function notify(): void {
    promote();
    const fresh = current?.getSnapshot() ?? nothingYet;
    const coming = next?.getSnapshot();
    const failure = coming?.status === 'failed' ? { status: coming.status, error: coming.error } : {};
    snapshot = coming ? { ...fresh, isPrevious: true, connection: coming.connection, ...failure } : fresh;
    for (const listener of [...listeners]) listener();
  }

  /** Lets the next list take over once it has something to show, or at once where nothing is shown yet. */
  function promote(): void {
    if (!next || (current?.getSnapshot().status === 'ready' && next.getSnapshot().status !== 'ready')) return;
    current?.close();
    current = next;
    next = undefined;
    for (const hold of holds) hold.release = current.hold();
  }

  return {
    switchTo(filter) {
      const isSame = (list: ChangeList | undefined) => list && JSON.stringify(list.filter) === JSON.stringify(filter);
      if (isSame(next)) return;
      next?.close();
      next = isSame(current) ? undefined : open(filter);
      next?.subscribe(notify);
      notify();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    loadMore: () => current?.loadMore(),
    hold() {
      const hold = { release: current?.hold() ?? (() => undefined) };
      holds.add(hold);
      return () => {
        if (holds.delete(hold)) hold.release();
      };
    },
    showArrivals: () => current?.showArrivals(),
    retry: () => (next ?? current)?.retry(),
    close() {
      current?.close();
      next?.close();
      current = undefined;
      next = undefined;
      snapshot = nothingYet;
    },
  };
}
