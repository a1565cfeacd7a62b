import type { History } from '../history.ts';
import type { Case, Violation } from '../promise.ts';
import { type ChangeEvent, eventsOf, type WriteEvent } from '../recording.ts';

/**
 * A write that was answered stands, once, as the answer told it; a refused one left nothing; one without an answer happened once or not at
 * all. Of two writes where the second began after the first was answered, the second has the higher revision and the later place.
 */
export function* judgeAcknowledged({ recording, history }: Case): Iterable<Violation> {
  const changes = new Map<string, ChangeEvent[]>();
  for (const change of eventsOf(recording, 'change')) {
    const key = `${change.requestId} ${change.userId}`;
    changes.set(key, [...(changes.get(key) ?? []), change]);
  }
  const writes = eventsOf(recording, 'write');
  for (const write of writes) {
    const found = changes.get(`${write.requestId} ${write.userId}`) ?? [];
    const evidence = faultOf(write, found, history);
    if (evidence) yield broken(write, evidence);
  }
  yield* judgeRealTime(writes, changes);
}

function faultOf(write: WriteEvent, found: readonly ChangeEvent[], history: History): string | undefined {
  if (found.length > 1) return `happened ${found.length} times: revisions ${found.map(({ revision }) => revision)}`;
  const [change] = found;
  switch (write.outcome) {
    case 'acknowledged':
      return faultOfAnswer(write, change, history);
    case 'failed':
      return change && `was refused (${write.code}) and is in the store as revision ${change.revision}`;
    case 'unknown':
      return undefined;
  }
}

/** An answer shows the user exactly as it is under the revision told. An edit that changes nothing makes no revision and is told the one that stands. */
function faultOfAnswer(write: WriteEvent, own: ChangeEvent | undefined, history: History): string | undefined {
  const { op, revision, print, isIgnored } = write;
  const isEdit = op === 'update' && revision !== undefined;
  const change = own ?? (isEdit ? history.change(revision) : undefined);
  if (change?.userId !== write.userId) return `was acknowledged (revision ${revision}) and is not in the store`;
  if (revision !== undefined && revision !== change.revision)
    return `was acknowledged as revision ${revision} and is revision ${change.revision} in the store`;
  if (isIgnored) return `was acknowledged as revision ${revision}, whose user does not show what was asked for`;
  const isOther = print !== undefined && print !== change.after.print;
  return isOther ? `was answered with another user than the store has at revision ${revision}` : undefined;
}

/** Walks through the writes by time, and keeps the highest revision and place of those that were answered before each began. */
function* judgeRealTime(
  writes: readonly WriteEvent[],
  changes: ReadonlyMap<string, readonly ChangeEvent[]>,
): Iterable<Violation> {
  const placed = writes.flatMap((write) => {
    const [change] = changes.get(`${write.requestId} ${write.userId}`) ?? [];
    return change?.seq !== undefined && write.outcome === 'acknowledged' ? [{ write, change, seq: change.seq }] : [];
  });
  const byEnd = placed.toSorted((a, b) => a.write.at - b.write.at);
  let next = 0;
  let revision = 0;
  let place = 0;
  for (const { write, change, seq } of placed.toSorted((a, b) => a.write.startedAt - b.write.startedAt)) {
    for (let done = byEnd[next]; done && done.write.at < write.startedAt; done = byEnd[++next]) {
      revision = Math.max(revision, done.change.revision);
      place = Math.max(place, done.seq);
    }
    if (change.revision < revision)
      yield broken(write, `has revision ${change.revision}; one answered before had ${revision}`);
    if (seq < place) yield broken(write, `has place ${seq}; one answered before has ${place}`);
  }
}

function broken({ op, requestId, userId, at }: WriteEvent, evidence: string): Violation {
  return { promise: 'acknowledged', where: `${op} ${requestId} of ${userId}`, at, evidence };
}
