import { layPage } from './lay-page.ts';
import type { LaidPage, ListRows } from './list-rows.ts';
import type { LoadPlan } from './plan-load.ts';
import { trimWindows, type View } from './trim-windows.ts';
import type { UserRow } from './user-list.ts';
import { placeAt, type Windows } from './windows.ts';

/**
 * The arrangement of rows on screen.
 *
 * It follows what is known of the list, except while it is held: then rows keep their places, what arrives waits, and what has left stays drawn as gone.
 * Contents are always the newest.
 */
export interface ShownRows {
  windows(): Windows;
  rowAt(index: number): UserRow | undefined;
  indexOf(id: string): number | undefined;
  /** How many rows wait to be let in. */
  arrivals(): number;
  isHeld(): boolean;
  hold(): () => void;
  arrived(ids: readonly string[]): void;
  /** Rows that were read because they came into view belong on screen at once, held or not. */
  lay(page: LaidPage, plan: LoadPlan): void;
  /** By how much a place of the list as it is known lies behind the same place on screen: by the arrivals before it that wait. */
  driftAt(index: number): number;
  trim(view: View, maxRows: number): void;
  /** Takes over what is known, unless held. To be called once a frame. */
  follow(): void;
  /** Takes over what is known. */
  letIn(): void;
}

export function createShownRows(rows: ListRows, onRelease: () => void): ShownRows {
  let shown = rows.windows();
  let indexes: { readonly of: Windows; readonly byId: ReadonlyMap<string, number> } | undefined;
  const waiting = new Set<string>();
  let holds = 0;

  function indexById(): ReadonlyMap<string, number> {
    if (indexes?.of !== shown) indexes = { of: shown, byId: indexOf(shown) };
    return indexes.byId;
  }

  function letIn(): void {
    shown = rows.windows();
    waiting.clear();
    rows.forgetGhosts();
  }

  return {
    windows: () => shown,
    rowAt(index) {
      const place = placeAt(shown, index);
      return place && rows.findOrGhost(place.id);
    },
    indexOf: (id) => indexById().get(id),
    arrivals: () => [...waiting].filter((id) => rows.find(id)).length,
    isHeld: () => holds > 0,
    hold() {
      holds += 1;
      let isReleased = false;
      return () => {
        if (isReleased) return;
        isReleased = true;
        holds -= 1;
        if (holds === 0) onRelease();
      };
    },
    arrived(ids) {
      if (holds === 0) return;
      for (const id of ids) if (!indexById().has(id)) waiting.add(id);
    },
    lay({ span, rows: laid }, plan) {
      if (holds === 0) return;
      const rank = plan.kind === 'skip' ? plan.shownAt : undefined;
      const known = indexById();
      const missing = laid.filter(({ id }) => !known.has(id));
      shown = layPage(shown, { ...span, rank }, missing, () => undefined);
      for (const { id } of missing) waiting.delete(id);
    },
    driftAt(index) {
      const live = rows.windows();
      if (shown === live) return 0;
      const near = shown.segments.findLast(({ rank, rows: { length } }) => rank <= index && length > 0);
      const liveIndexes = indexOf(live);
      const known = near?.rows.findLastIndex(({ id }) => liveIndexes.has(id)) ?? -1;
      const liveIndex = liveIndexes.get(near?.rows[known]?.id ?? '');
      return near && liveIndex !== undefined ? liveIndex - (near.rank + known) : 0;
    },
    trim(view, maxRows) {
      shown = trimWindows(shown, view, maxRows);
    },
    follow() {
      if (holds === 0) letIn();
    },
    letIn,
  };
}

/** Where each loaded row stands. */
function indexOf({ segments }: Windows): ReadonlyMap<string, number> {
  return new Map(segments.flatMap(({ rank, rows }) => rows.map(({ id }, i) => [id, rank + i] as const)));
}
