import type { UserFeed_Removal as Removal, User } from '@roster/proto/gen/userservice/v1/user';
import { comparePlaces, epochMs, type Order, orderKey } from '@roster/proto/order';
import { type FeedRule, feedRule, type Known } from './apply-feed-event.ts';
import { createDrawnRows, type HeldRow } from './drawn-rows.ts';
import { layPage, type PageSpan, settleRanks } from './lay-page.ts';
import { type LoadPlan, skipTo } from './plan-load.ts';
import type { UserPage } from './read-page.ts';
import { trimWindows, type View } from './trim-windows.ts';
import type { UserRow } from './user-list.ts';
import { emptyWindows, guessRanks, insertPlace, isCovered, type Place, removePlace, type Windows } from './windows.ts';

/** What is known of a list: its loaded rows, each at its newest revision, and what has been removed. */
export interface ListRows {
  windows(): Windows;
  /** The row as drawn; undefined where it is not loaded. */
  find(id: string): UserRow | undefined;
  /** The row as drawn, also where it has left since the list was held still. */
  findOrGhost(id: string): UserRow | undefined;
  /** A fresh snapshot: all that was known before is forgotten. */
  replace(page: UserPage): void;
  /** Live changes. Returns the ids that are new among the loaded rows. */
  applyChanges(upserts: readonly User[], removals: readonly Removal[], at: number): readonly string[];
  /** Starts to remember what the feed says of rows that are not loaded; a page that is being read may hold them as they were before. */
  beginPage(): void;
  /** Lays a page that was read since `beginPage`; undefined where it no longer fits. Returns what has been laid, for a list that is held still. */
  addPage(plan: LoadPlan, page: UserPage): LaidPage | undefined;
  endPage(): void;
  answer(user: User): void;
  hide(id: string): () => void;
  setTotal(size: number): void;
  trim(view: View, maxRows: number): void;
  forgetGhosts(): void;
}

export interface LaidPage {
  readonly span: PageSpan;
  readonly rows: readonly Place[];
}

export function createListRows(order: Order, rule: FeedRule = feedRule): ListRows {
  const held = new Map<string, HeldRow>();
  const removed = new Map<string, number>();
  /** Upserts of rows that are not loaded, since the oldest page that is being read. */
  let recent: Map<string, User> | undefined;
  let windows = emptyWindows(order);
  const drawn = createDrawnRows();

  function known(id: string): Known | undefined {
    const user = held.get(id)?.user ?? recent?.get(id);
    if (user) return { revision: user.revision, isRemoved: false };
    const revision = removed.get(id);
    return revision === undefined ? undefined : { revision, isRemoved: true };
  }

  function placeOf({ user: { id }, key }: HeldRow): Place {
    return { id, key };
  }

  function toRow(user: User): HeldRow {
    return { user, key: orderKey(user, order.field) };
  }

  /** Puts a row where it is loaded. Tells whether it is among the loaded rows now. */
  function hold(row: HeldRow): boolean {
    if (isCovered(windows, placeOf(row))) {
      held.set(row.user.id, row);
      recent?.delete(row.user.id);
      return true;
    }
    held.delete(row.user.id);
    recent?.set(row.user.id, row.user);
    return false;
  }

  function applyUpsert(user: User, at: number): boolean {
    if (!rule.isNewUpsert(known(user.id), user.revision)) return false;
    const before = held.get(user.id);
    const after = toRow(user);
    if (before) {
      if (before.key !== after.key) {
        windows = insertPlace(removePlace(windows, placeOf(before)), placeOf(after), { shifts: true });
      }
      if (hold(after)) drawn.moved(before, after, at);
      else drawn.drop(user.id);
      return false;
    }
    const isHeld = hold(after);
    // Where it stood before, if anywhere, is not known: a row that was just created stood nowhere.
    const isNew = epochMs(user.createdAt) === epochMs(user.updatedAt) || (isHeld && order.field === 'created_at');
    if (isHeld || isNew) windows = insertPlace(windows, placeOf(after), { shifts: true });
    if (!isNew) windows = guessRanks(windows);
    if (isHeld) drawn.arrived(user.id, at);
    return isHeld;
  }

  function applyRemoval({ id, revision }: Removal): void {
    if (!rule.isNewRemoval(known(id), revision)) return;
    removed.set(id, revision);
    recent?.delete(id);
    const row = held.get(id);
    if (!row) {
      windows = guessRanks(windows);
      return;
    }
    windows = removePlace(windows, placeOf(row));
    drawn.leave(id, row);
    held.delete(id);
  }

  /** Takes the rows of a page that are news, and what is newer than the page instead of the others. */
  function acceptPage(users: readonly User[]): HeldRow[] {
    return users.flatMap((user) => {
      if (rule.isNewUpsert(known(user.id), user.revision)) return [toRow(user)];
      const newer = held.get(user.id)?.user ?? recent?.get(user.id);
      return newer ? [toRow(newer)] : [];
    });
  }

  return {
    windows: () => windows,
    find(id) {
      const row = held.get(id);
      return row && drawn.draw(id, row);
    },
    findOrGhost(id) {
      const row = held.get(id);
      return row ? drawn.draw(id, row) : drawn.ghost(id);
    },
    replace(page) {
      for (const part of [held, removed]) part.clear();
      recent?.clear();
      drawn.clear();
      const rows = page.users.map(toRow);
      for (const row of rows) held.set(row.user.id, row);
      const span = spanOf(order, skipTo(0), page, rows.map(placeOf));
      windows = layPage(emptyWindows(order), span, rows.map(placeOf), () => undefined);
    },
    applyChanges(upserts, removals, at) {
      const arrived = upserts.filter((user) => applyUpsert(user, at)).map(({ id }) => id);
      for (const removal of removals) applyRemoval(removal);
      return arrived;
    },
    beginPage() {
      recent = new Map();
    },
    addPage(plan, page) {
      if (plan.kind === 'after' && !isCovered(windows, plan.from)) return undefined;
      // Beyond the end of the list nothing is learned of where that lies.
      if (plan.kind === 'skip' && plan.skip > 0 && page.users.length === 0) return undefined;
      const span = spanOf(order, plan, page, page.users.map(toRow).map(placeOf));
      const rows = acceptPage(page.users);
      const before = new Map(rows.map(({ user: { id } }) => [id, held.get(id)]));
      windows = layPage(windows, span, rows.map(placeOf), (id) => {
        const row = before.get(id);
        return row && placeOf(row);
      });
      for (const row of rows) {
        const was = before.get(row.user.id);
        if (hold(row) && was && was.user !== row.user) drawn.moved(was, row, undefined);
      }
      const late = [...(recent?.values() ?? [])].map(toRow).filter(hold);
      for (const row of late) windows = insertPlace(windows, placeOf(row), { shifts: false });
      return { span, rows: [...rows, ...late].filter(({ user }) => held.has(user.id)).map(placeOf) };
    },
    endPage() {
      recent = undefined;
    },
    answer(user) {
      const row = held.get(user.id);
      if (row) drawn.answer(row, user);
    },
    hide(id) {
      drawn.hide(id);
      return () => drawn.unhide(id);
    },
    setTotal(size) {
      windows = settleRanks(windows, size);
    },
    trim(view, maxRows) {
      const trimmed = trimWindows(windows, view, maxRows);
      if (trimmed === windows) return;
      windows = trimmed;
      const kept = new Set(windows.segments.flatMap(({ rows }) => rows.map(({ id }) => id)));
      for (const id of held.keys()) {
        if (kept.has(id)) continue;
        held.delete(id);
        drawn.drop(id);
      }
    },
    forgetGhosts: drawn.forgetGhosts,
  };
}

/** What a page covers. Bounds are taken from its rows as they were read, wherever those stand by now. */
function spanOf(order: Order, plan: LoadPlan, page: UserPage, places: readonly Place[]): PageSpan {
  const sorted = [...places].sort((a, b) => comparePlaces(order, a, b));
  const { nextPageToken } = page;
  const end = nextPageToken === '' ? 'end' : sorted.at(-1);
  if (plan.kind === 'after') return { from: plan.from, to: end ?? plan.from, rank: undefined, nextPageToken };
  const start = plan.skip === 0 ? 'start' : sorted[0];
  return { from: start ?? 'start', to: end ?? 'end', rank: plan.skip, nextPageToken };
}
