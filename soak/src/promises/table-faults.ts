import type { History } from '../history.ts';
import type { Witness } from '../promise.ts';
import type { SubscriberEvent } from '../recording.ts';
import { createReplay, type Replay } from '../replay.ts';

/** A user whom a client's table shows otherwise than the store did at the position that the table stands for. */
export interface TableFault {
  readonly at: number;
  readonly evidence: string;
  /** The stretch had begun with a resume token. */
  readonly isAfterResume: boolean;
}

/**
 * Compares a client's table with the history whenever a position is told to it: whole after a snapshot, later the users that changed since the last
 * position. A row may be newer than the position, never older. It may be missing only from a snapshot that was ahead of its position: that saw a change that
 * took the row out and had no place yet.
 */
export function* tableFaults({ events, list }: Witness, history: History): Iterable<TableFault> {
  const replay = createReplay();
  let checkedUpTo: number | undefined;
  let isAfterResume = false;
  for (const event of events) {
    replay.apply(event);
    if (event.kind === 'open') isAfterResume = false;
    if (event.kind === 'resumed') isAfterResume = true;
    if (event.kind === 'end') checkedUpTo = undefined;
    if (event.kind !== 'checkpoint' && event.kind !== 'end') continue;
    const seq = replay.position?.seq ?? 0;
    if (replay.isWhole) {
      yield* compare(replay, history, list.matches, event, seq, checkedUpTo, isAfterResume);
      checkedUpTo = seq;
    }
    isAfterResume = false;
  }
}

function* compare(
  replay: Replay,
  history: History,
  matches: Witness['list']['matches'],
  event: SubscriberEvent,
  seq: number,
  checkedUpTo: number | undefined,
  isAfterResume: boolean,
): Iterable<TableFault> {
  const isWhole = checkedUpTo === undefined;
  const ids = isWhole ? history.userIds : new Set(history.between(checkedUpTo, seq).map((change) => change.userId));
  const wasAhead = (id: string) =>
    history.of(id).some((change) => change.seq > seq && change.at <= event.at && !matches(change.after));
  for (const id of ids) {
    const last = history.lastOf(id, seq);
    const known = replay.known.get(id);
    const fault = last && faultOf(last.revision, matches(last.after), known);
    if (!fault || (isWhole && !known && wasAhead(id))) continue;
    const evidence = `at position ${seq} (stream ${event.stream}) ${id} ${fault}; seq ${last.seq}`;
    yield { at: event.at, isAfterResume, evidence };
  }
}

function faultOf(revision: number, isShown: boolean, known: { revision: number; isRemoved: boolean } | undefined) {
  if (known && known.revision > revision) return undefined;
  const isHeld = known !== undefined && !known.isRemoved;
  if (isShown && !known) return `is missing; the store shows revision ${revision}`;
  if (isShown && !isHeld) return `was removed; the store shows revision ${revision}`;
  if (isShown && known && known.revision < revision) return `is held at ${known.revision}; the store has ${revision}`;
  if (!isShown && isHeld) return `is held at ${known.revision}; revision ${revision} took it out of the list`;
  return undefined;
}
