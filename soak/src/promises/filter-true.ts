import { type History, showedBefore } from '../history.ts';
import type { Case, Violation, Witness } from '../promise.ts';
import type { RemovalReason, SeenRow } from '../recording.ts';
import { type LiveEvent, liveEvents } from './live-events.ts';

/**
 * Every row belongs into the list and is what the store has under its revision; entering the filter is an upsert, leaving it a removal with the right reason,
 * which goes only to those who could see the row.
 */
export function* judgeFilterTrue({ history, witnesses }: Case): Iterable<Violation> {
  for (const witness of witnesses) {
    const broken = (at: number, evidence: string): Violation => ({
      promise: 'filter-true',
      where: witness.subscriber,
      at,
      evidence,
    });
    for (const { at, row } of seenRows(witness)) {
      const fault = faultOfRow(row, witness, history);
      if (fault) yield broken(at, fault);
    }
    for (const event of liveEvents(witness)) {
      const fault = faultOfRemoval(event, witness, history);
      if (fault) yield broken(event.at, fault);
    }
  }
}

function* seenRows({ events }: Witness): Iterable<{ readonly at: number; readonly row: SeenRow }> {
  for (const event of events) {
    const rows = event.kind === 'changes' ? event.upserts : event.kind === 'page' ? event.rows : [];
    for (const row of rows) yield { at: event.at, row };
  }
}

function faultOfRow([id, revision, print]: SeenRow, { list }: Witness, history: History): string | undefined {
  const change = history.change(revision);
  if (change?.userId !== id) return `${id} was shown at revision ${revision}, which the store does not know`;
  if (change.after.print !== print) return `${id} was shown otherwise than the store has it at revision ${revision}`;
  return list.matches(change.after)
    ? undefined
    : `${id} was shown at revision ${revision}, which “${list.name}” excludes`;
}

function faultOfRemoval(event: LiveEvent, { list }: Witness, history: History): string | undefined {
  if (event.change.kind !== 'removal') return undefined;
  const [id, revision, reason] = event.change.removal;
  const change = history.change(revision);
  if (change?.userId !== id) return `${id} was removed by revision ${revision}, which the store does not know`;
  if (list.matches(change.after)) return `${id} was removed by revision ${revision}, which belongs into “${list.name}”`;
  const right: RemovalReason = change.after.isDeleted ? 'deleted' : 'left-filter';
  if (reason !== right) return `${id} was removed as “${reason}”, and should be as “${right}”`;
  const from = event.after?.seq ?? 0;
  const folded = history.of(id).filter(({ seq }) => seq > from && seq <= (change.seq ?? 0));
  const couldSee = folded.some((one) => showedBefore(one, list.matches));
  return couldSee ? undefined : `the removal of ${id} (revision ${revision}) went to a list that never showed it`;
}
