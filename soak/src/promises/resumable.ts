import type { Case, Violation, Witness } from '../promise.ts';
import type { EventOf, Position, Recording, SnapshotReason } from '../recording.ts';
import { tableFaults } from './table-faults.ts';

/** A cut stream continues exactly: with nothing left out, and without a snapshot unless the token could really not be used. */
export function* judgeResumable({ recording, history, witnesses }: Case): Iterable<Violation> {
  const compactions = recording.filter((event): event is EventOf<'fault'> => event.kind === 'fault');
  for (const witness of witnesses) {
    const { subscriber } = witness;
    for (const { at, evidence, isAfterResume } of tableFaults(witness, history))
      if (isAfterResume) yield { promise: 'resumable', where: subscriber, at, evidence: `after a resume: ${evidence}` };
    for (const { at, token, reason, epoch } of snapshotsForTokens(witness)) {
      if (isJustified(compactions, token, reason, epoch, at)) continue;
      const evidence = `a snapshot for the good token of position ${token.seq}, with the reason “${reason}”`;
      yield { promise: 'resumable', where: subscriber, at, evidence };
    }
  }
}

interface TokenSnapshot {
  readonly at: number;
  readonly token: Position;
  readonly reason: SnapshotReason;
  /** Of the snapshot; undefined if it broke off. */
  readonly epoch: string | undefined;
}

function* snapshotsForTokens({ events }: Witness): Iterable<TokenSnapshot> {
  let token: Position | undefined;
  let begun: { at: number; token: Position; reason: SnapshotReason } | undefined;
  for (const event of events) {
    if (event.kind === 'open') token = event.spoil ? undefined : event.token;
    if (event.kind === 'begin' && token) begun = { at: event.at, token, reason: event.reason };
    if (event.kind === 'end' && begun) yield { ...begun, epoch: event.position.epoch };
    if (event.kind === 'closed' && begun) yield { ...begun, epoch: undefined };
    if (event.kind === 'end' || event.kind === 'closed') begun = undefined;
  }
}

function isJustified(
  faults: Recording,
  token: Position,
  reason: SnapshotReason,
  epoch: string | undefined,
  at: number,
): boolean {
  switch (reason) {
    case 'other-epoch':
      return epoch === undefined || epoch !== token.epoch;
    case 'compacted':
      return faults.some((fault) => fault.kind === 'fault' && fault.at <= at && (fault.floor ?? 0) > token.seq);
    default:
      return false;
  }
}
