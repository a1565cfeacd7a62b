import type { Witness } from '../promise.ts';
import type { Position, SeenRemoval, SeenRow } from '../recording.ts';
import { createReplay, type Replay } from '../replay.ts';

/** One row or removal that came as a live change, with what the client knew before it. */
export interface LiveEvent {
  readonly at: number;
  readonly stream: number;
  readonly id: string;
  readonly revision: number;
  readonly change:
    | { readonly kind: 'upsert'; readonly row: SeenRow }
    | { readonly kind: 'removal'; readonly removal: SeenRemoval };
  readonly isApplied: boolean;
  /** Everything at or below it had come: the position of the last checkpoint, of the snapshot, or of the token. */
  readonly after: Position | undefined;
  /** Counts the snapshots that the client has had. */
  readonly snapshots: number;
}

/** Goes through what a subscriber was told and hands on the live changes; rows of snapshots are none. */
export function* liveEvents({ events }: Witness): Iterable<LiveEvent> {
  const replay: Replay = createReplay();
  let snapshots = 0;
  for (const event of events) {
    if (event.kind === 'changes' && replay.isLive) {
      const common = { at: event.at, stream: event.stream, after: replay.position, snapshots };
      for (const row of event.upserts) {
        const [id, revision, , isApplied] = row;
        yield { ...common, id, revision, isApplied, change: { kind: 'upsert', row } };
      }
      for (const removal of event.removals) {
        const [id, revision, , isApplied] = removal;
        yield { ...common, id, revision, isApplied, change: { kind: 'removal', removal } };
      }
    }
    if (event.kind === 'end') snapshots += 1;
    replay.apply(event);
  }
}
