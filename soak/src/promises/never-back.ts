import type { Case, Violation, Witness } from '../promise.ts';
import type { Position } from '../recording.ts';
import { createReplay } from '../replay.ts';

/** A client never sees an older state than it has seen: not in a new snapshot, and not from a server that lags behind the one before. */
export function* judgeNeverBack({ witnesses }: Case): Iterable<Violation> {
  for (const witness of witnesses) yield* judgeOne(witness);
}

function* judgeOne({ subscriber, events }: Witness): Iterable<Violation> {
  const replay = createReplay();
  const highest = new Map<string, number>();
  let last: Position | undefined;
  for (const event of events) {
    const broken = (evidence: string): Violation => ({
      promise: 'never back in time',
      where: subscriber,
      at: event.at,
      evidence,
    });
    const wasSnapshot = !replay.isLive;
    const rows = event.kind === 'changes' && wasSnapshot ? event.upserts : event.kind === 'page' ? event.rows : [];
    for (const [id, revision] of rows) {
      const seen = highest.get(id) ?? 0;
      if (revision < seen) yield broken(`a snapshot shows revision ${revision} of ${id}, which had been at ${seen}`);
    }
    if (event.kind === 'changes' && !wasSnapshot) {
      for (const [id, revision] of [...event.upserts, ...event.removals])
        highest.set(id, Math.max(revision, highest.get(id) ?? 0));
    }
    replay.apply(event);
    if (event.kind === 'end' || event.kind === 'page')
      for (const [id, { revision }] of replay.known) highest.set(id, Math.max(revision, highest.get(id) ?? 0));
    if (event.kind !== 'end' && event.kind !== 'checkpoint') continue;
    const { epoch, seq } = event.position;
    if (last && last.epoch === epoch && seq < last.seq) yield broken(`position ${seq} after position ${last.seq}`);
    last = event.position;
  }
}
