import type { UserList, UserListQuery, UserListSnapshot } from './user-list.ts';

/** A list whose query can be changed: the rows before stay, dimmed, until the first page of the new query is there, also when that failed. */
export interface SwitchingList extends UserList {
  /** Goes over to another query; the same query changes nothing, unless the list was closed. */
  switchTo(query: UserListQuery): void;
}

const nothingYet: UserListSnapshot = {
  status: 'loading',
  error: undefined,
  isPrevious: false,
  connection: { kind: 'connecting' },
  total: undefined,
  rowCount: 0,
  arrivals: 0,
  roundTripMs: undefined,
  feedLagMs: undefined,
  reconnects: 0,
  lastFrameAt: undefined,
  loadedRows: 0,
};

/** Makes a list that opens nothing before the first `switchTo`, and may be used again after `close`. */
export function createSwitchingList(
  firstQuery: UserListQuery,
  open: (query: UserListQuery) => UserList,
): SwitchingList {
  const listeners = new Set<() => void>();
  /** Who holds the list still, each with what lets go of the list of now. */
  const holds = new Set<{ release: () => void }>();
  let query = firstQuery;
  let current: UserList | undefined;
  let next: UserList | undefined;
  let snapshot = nothingYet;
  let view: readonly [number, number] = [0, 0];

  function notify(): void {
    promote();
    const fresh = current?.getSnapshot() ?? nothingYet;
    snapshot = next && current ? { ...fresh, ...comingOf(next.getSnapshot()) } : fresh;
    for (const listener of [...listeners]) listener();
  }

  /** Lets the next list take over once it has something to show, or at once where nothing is shown yet. */
  function promote(): void {
    if (!next || (current?.getSnapshot().status === 'ready' && next.getSnapshot().status !== 'ready')) return;
    current?.close();
    current = next;
    next = undefined;
    current.show(...view);
    for (const hold of holds) hold.release = current.hold();
  }

  function closeAll(): void {
    current?.close();
    next?.close();
    current = undefined;
    next = undefined;
  }

  return {
    get query() {
      return current?.query ?? query;
    },
    switchTo(to) {
      query = to;
      if (next && isSame(next.query, to)) return;
      next?.close();
      next = current && isSame(current.query, to) ? undefined : open(to);
      next?.subscribe(notify);
      notify();
    },
    close() {
      closeAll();
      snapshot = nothingYet;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    rowAt: (index) => current?.rowAt(index),
    indexOf: (id) => current?.indexOf(id),
    find: (id) => current?.find(id),
    show(first, last) {
      view = [first, last];
      current?.show(first, last);
    },
    hold() {
      const hold = { release: current?.hold() ?? (() => undefined) };
      holds.add(hold);
      return () => {
        if (holds.delete(hold)) hold.release();
      };
    },
    showArrivals: () => current?.showArrivals(),
    applyAnswer(user) {
      current?.applyAnswer(user);
      next?.applyAnswer(user);
    },
    applyDelete: (id) => current?.applyDelete(id) ?? (() => undefined),
    retry: () => (next ?? current)?.retry(),
  };
}

/** What is said of the list that is to come while the rows before are still shown: whether it can be reached, and why it failed. */
function comingOf({ status, error, connection }: UserListSnapshot): Partial<UserListSnapshot> {
  return { isPrevious: true, connection, ...(status === 'failed' && { status, error }) };
}

function isSame(a: UserListQuery, b: UserListQuery): boolean {
  return a.filter === b.filter && a.orderBy === b.orderBy && a.showDeleted === b.showDeleted;
}
