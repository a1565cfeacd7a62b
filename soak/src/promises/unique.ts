import type { Case, Violation } from '../promise.ts';
import { liveEvents } from './live-events.ts';

/** No change comes twice: not on one stream, and, after the client's rule, not over reconnects either. */
export function* judgeUnique({ witnesses }: Case): Iterable<Violation> {
  for (const witness of witnesses) {
    const sent = new Set<string>();
    const applied = new Set<string>();
    let stream = 0;
    let snapshots = 0;
    for (const event of liveEvents(witness)) {
      if (event.stream !== stream) sent.clear();
      if (event.snapshots !== snapshots) applied.clear();
      stream = event.stream;
      snapshots = event.snapshots;
      const key = `${event.id} ${event.revision}`;
      const appliedKey = `${key} ${event.change.kind}`;
      const isTwice = sent.has(key) || (event.isApplied && applied.has(appliedKey));
      if (isTwice) {
        const evidence = `revision ${event.revision} of ${event.id} came twice (stream ${stream})`;
        yield { promise: 'unique', where: witness.subscriber, at: event.at, evidence };
      }
      sent.add(key);
      if (event.isApplied) applied.add(appliedKey);
    }
  }
}
