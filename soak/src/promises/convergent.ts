import type { Case, Violation, Witness } from '../promise.ts';
import { eventsOf } from '../recording.ts';
import { createReplay } from '../replay.ts';

/** When writes stop, every client's table equals the database, and so does the total that it was told. */
export function* judgeConvergent({ recording, history, witnesses }: Case): Iterable<Violation> {
  const users = eventsOf(recording, 'user');
  const tables = new Map(eventsOf(recording, 'table').map(({ subscriber, rows }) => [subscriber, rows]));
  const end = history.feed.at(-1)?.seq ?? 0;
  for (const { userId, revision, facts } of users) {
    const last = history.lastOf(userId, end);
    if (last?.revision === revision && last.after.print === facts.print) continue;
    yield broken('the store', `${userId} is at revision ${revision}, and its history ends with ${last?.revision}`);
  }
  for (const witness of witnesses) {
    const rows = tables.get(witness.subscriber);
    if (!rows) continue;
    const right = new Map(
      users.filter(({ facts }) => witness.list.matches(facts)).map((user) => [user.userId, user.facts.print]),
    );
    const held = new Map(rows.map(([id, , print]) => [id, print]));
    for (const [id, print] of right)
      if (held.get(id) !== print)
        yield broken(witness.subscriber, `${id} is ${held.has(id) ? 'stale' : 'missing'} in the end`);
    for (const id of held.keys())
      if (!right.has(id)) yield broken(witness.subscriber, `${id} is still held in the end`);
    yield* judgeLastWords(witness, held, right.size, end);
  }
}

/** The table must be what the rule makes of the events, and the last total what it counts. */
function* judgeLastWords(
  { subscriber, events }: Witness,
  held: ReadonlyMap<string, string>,
  size: number,
  end: number,
): Iterable<Violation> {
  const replay = createReplay();
  let total: number | undefined;
  for (const event of events) {
    replay.apply(event);
    if (event.kind === 'checkpoint' && event.position.seq === end) total = event.total ?? total;
  }
  for (const [id, { isRemoved, print }] of replay.known) {
    if (isRemoved ? held.has(id) : held.get(id) !== print)
      yield broken(subscriber, `${id} is held otherwise than the events say`);
  }
  if (total !== undefined && total !== size) yield broken(subscriber, `the total says ${total} of ${size} users`);
}

function broken(where: string, evidence: string): Violation {
  return { promise: 'convergent', where, at: 0, evidence };
}
