import type { Case, Violation } from '../promise.ts';
import { liveEvents } from './live-events.ts';

/** After a checkpoint nothing at or below its position comes, and positions of a stream never go back. */
export function* judgeBookmarkable({ history, witnesses }: Case): Iterable<Violation> {
  const end = history.feed.at(-1)?.seq ?? 0;
  for (const witness of witnesses) {
    const broken = (at: number, evidence: string): Violation => ({
      promise: 'bookmarkable',
      where: witness.subscriber,
      at,
      evidence,
    });
    for (const event of liveEvents(witness)) {
      const seq = history.change(event.revision)?.seq;
      if (seq !== undefined && event.after && seq <= event.after.seq)
        yield broken(event.at, `seq ${seq} of ${event.id} came after the position ${event.after.seq}`);
    }
    let position = 0;
    for (const event of witness.events) {
      if (event.kind === 'open') position = event.spoil ? 0 : (event.token?.seq ?? 0);
      // A snapshot starts anew: it may follow a token from the future.
      if (event.kind === 'begin') position = 0;
      if (event.kind !== 'checkpoint' && event.kind !== 'end') continue;
      const { seq } = event.position;
      if (seq < position) yield broken(event.at, `the position ${seq} after ${position} (stream ${event.stream})`);
      if (seq > end) yield broken(event.at, `the position ${seq}, where the feed ends with ${end}`);
      position = seq;
    }
  }
}
