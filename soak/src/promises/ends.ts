import type { Case, Violation } from '../promise.ts';
import { eventsOf } from '../recording.ts';
import { liveEvents } from './live-events.ts';

/** No event after the position of a revocation goes to the one whose right to read was revoked. */
export function* judgeEnds({ recording, history, witnesses }: Case): Iterable<Violation> {
  for (const { subscriber, position } of eventsOf(recording, 'revoked')) {
    const witness = witnesses.find((one) => one.subscriber === subscriber);
    if (!witness) continue;
    for (const { at, revision, id } of liveEvents(witness)) {
      const seq = history.change(revision)?.seq ?? 0;
      if (seq <= position.seq) continue;
      const evidence = `seq ${seq} of ${id} came after the revocation at ${position.seq}`;
      yield { promise: 'ends when it must', where: subscriber, at, evidence };
    }
  }
}
