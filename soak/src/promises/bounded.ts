import { timing } from '@roster/proto/timing';
import type { History } from '../history.ts';
import type { Case, Violation, Witness } from '../promise.ts';
import type { EventOf, SnapshotReason, Spoil, SubscriberEvent } from '../recording.ts';

/** What a snapshot must give as its reason for a token that was spoilt. */
const reasonFor: Readonly<Record<Spoil, SnapshotReason>> = {
  altered: 'invalid',
  'other-query': 'other-query',
  'other-epoch': 'other-epoch',
  future: 'future',
  compacted: 'compacted',
};

/** A server that says it is well is never further behind than this: pauses, a database that restarts and frozen readers all end sooner. */
const staleAfterMs = 60_000;

/** A token that cannot be used brings a snapshot that says why: no error, no silence, no old data. And no stream stays behind while it seems alive. */
export function* judgeBounded({ recording, history, witnesses }: Case): Iterable<Violation> {
  const compactions = recording.filter(
    (event): event is EventOf<'fault'> => event.kind === 'fault' && event.name === 'compacted',
  );
  for (const witness of witnesses) {
    const broken = (at: number, evidence: string): Violation => ({
      promise: 'bounded',
      where: witness.subscriber,
      at,
      evidence,
    });
    for (const { open, answer } of openings(witness)) {
      if (isOfOtherEpoch(witness, open, answer)) continue;
      const fault = faultOf(open, answer, compactions);
      if (fault) yield broken(open.at, `${fault} (stream ${open.stream})`);
    }
    if (!witness.isSlow) yield* staleCheckpoints(witness, history);
    for (const event of witness.events)
      if (event.kind === 'closed' && event.how === 'silent')
        yield broken(event.at, `nothing came for ${timing.staleAfterHeartbeats} heartbeats (stream ${event.stream})`);
  }
}

function* staleCheckpoints({ subscriber, events }: Witness, history: History): Iterable<Violation> {
  for (const event of events) {
    if (event.kind !== 'checkpoint') continue;
    const next = history.feed[event.position.seq];
    if (!next || event.at - next.at < staleAfterMs) continue;
    const evidence = `a checkpoint at ${event.position.seq} (stream ${event.stream}), ${Math.round((event.at - next.at) / 1000)} s after the next change`;
    yield { promise: 'bounded', where: subscriber, at: event.at, evidence };
  }
}

type Open = SubscriberEvent & { readonly kind: 'open' };

/** Each call with a token, and the first thing that came back. */
function* openings({ events }: Witness): Iterable<{ readonly open: Open; readonly answer: SubscriberEvent }> {
  let open: Open | undefined;
  for (const event of events) {
    if (open && event.kind !== 'open') yield { open, answer: event };
    open = event.kind === 'open' && event.token ? event : undefined;
  }
}

/** The store had changed its epoch meanwhile, which is looked at before anything else of a token. */
function isOfOtherEpoch({ events }: Witness, { stream, token }: Open, answer: SubscriberEvent): boolean {
  if (answer.kind !== 'begin' || answer.reason !== 'other-epoch') return false;
  const end = events.find((event) => event.kind === 'end' && event.stream === stream);
  return end === undefined || (end.kind === 'end' && end.position.epoch !== token?.epoch);
}

function faultOf(open: Open, answer: SubscriberEvent, compactions: readonly EventOf<'fault'>[]): string | undefined {
  if (answer.kind === 'closed') {
    const blamesRequest = answer.how === 'INVALID_ARGUMENT' || answer.how === 'OUT_OF_RANGE';
    return blamesRequest ? `the token of position ${open.token?.seq} brought the error ${answer.how}` : undefined;
  }
  if (open.spoil) {
    if (answer.kind === 'begin' && answer.reason === reasonFor[open.spoil]) return undefined;
    const got = answer.kind === 'begin' ? `a snapshot for “${answer.reason}”` : answer.kind;
    return `a token spoilt as “${open.spoil}” brought ${got}`;
  }
  if (answer.kind !== 'resumed') return undefined;
  const gone = compactions.find((fault) => fault.at < open.at && (fault.floor ?? 0) > (open.token?.seq ?? 0));
  return gone && `the token of position ${open.token?.seq} was resumed below the floor ${gone.floor}`;
}
