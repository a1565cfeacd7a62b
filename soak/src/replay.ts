import type { Position, SeenRemoval, SeenRow, SubscriberEvent } from './recording.ts';

/** What a client knows of a user: it is held at a revision, or was removed by it. */
export interface Known {
  readonly revision: number;
  readonly isRemoved: boolean;
  readonly print: string;
}

/** A client's table as DESIGN 3, rule 8 has it, written again for the checker: it must not judge the console by the console's own code. */
export interface Replay {
  readonly known: ReadonlyMap<string, Known>;
  /** The position that the table stands for; undefined while a snapshot is on its way. */
  readonly position: Position | undefined;
  /** All pages of the snapshot are here. */
  readonly isWhole: boolean;
  /** The stream follows live changes: what comes is no part of a snapshot. */
  readonly isLive: boolean;
  apply(event: SubscriberEvent): void;
}

export function createReplay(): Replay {
  let known = new Map<string, Known>();
  let position: Position | undefined;
  let snapshot: SeenRow[] | undefined;
  let isWhole = false;

  const upsert = ([id, revision, print]: SeenRow) => {
    if (revision > (known.get(id)?.revision ?? 0)) known.set(id, { revision, isRemoved: false, print });
  };
  const remove = ([id, revision]: SeenRemoval) => {
    if (revision >= (known.get(id)?.revision ?? 0)) known.set(id, { revision, isRemoved: true, print: '' });
  };

  return {
    get known() {
      return known;
    },
    get position() {
      return position;
    },
    get isWhole() {
      return isWhole;
    },
    get isLive() {
      return snapshot === undefined;
    },
    apply(event) {
      switch (event.kind) {
        case 'begin':
          snapshot = [];
          break;
        case 'changes':
          if (snapshot) snapshot.push(...event.upserts);
          else {
            event.upserts.forEach(upsert);
            event.removals.forEach(remove);
          }
          break;
        case 'end':
          known = new Map();
          snapshot?.forEach(upsert);
          snapshot = undefined;
          position = event.position;
          isWhole = !event.hasMore;
          break;
        case 'page':
          event.rows.forEach(upsert);
          isWhole = !event.hasMore;
          break;
        case 'checkpoint':
          position = event.position;
          break;
        case 'open':
        case 'closed':
          // A snapshot that broke off counts for nothing: the table before it stays.
          snapshot = undefined;
          break;
        case 'resumed':
        case 'go-away':
          break;
      }
    },
  };
}
