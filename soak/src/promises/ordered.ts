import type { Case, Violation } from '../promise.ts';
import { liveEvents } from './live-events.ts';

/**
 * Per user, revisions never go back: not on a stream as it was sent, and not in the client, which lets in by its own rule what several streams bring.
 */
export function* judgeOrdered({ witnesses }: Case): Iterable<Violation> {
  for (const witness of witnesses) {
    const sent = new Map<string, number>();
    const applied = new Map<string, number>();
    let stream = 0;
    let snapshots = 0;
    for (const event of liveEvents(witness)) {
      if (event.stream !== stream) sent.clear();
      if (event.snapshots !== snapshots) applied.clear();
      stream = event.stream;
      snapshots = event.snapshots;
      const { id, revision } = event;
      const fault = (what: string, higher: number): Violation => ({
        promise: 'ordered',
        where: witness.subscriber,
        at: event.at,
        evidence: `${what} revision ${revision} of ${id} after its revision ${higher} (stream ${stream})`,
      });
      const lastSent = sent.get(id) ?? 0;
      if (revision < lastSent) yield fault('was sent', lastSent);
      sent.set(id, Math.max(revision, lastSent));
      if (!event.isApplied) continue;
      const lastApplied = applied.get(id) ?? 0;
      if (revision < lastApplied) yield fault('let in', lastApplied);
      applied.set(id, Math.max(revision, lastApplied));
    }
  }
}
