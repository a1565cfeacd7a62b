import { listNamed } from './filters.ts';
import { createHistory } from './history.ts';
import type { Case, Judge, PromiseName, Violation } from './promise.ts';
import { judgeAcknowledged } from './promises/acknowledged.ts';
import { judgeBookmarkable } from './promises/bookmarkable.ts';
import { judgeBounded } from './promises/bounded.ts';
import { judgeConvergent } from './promises/convergent.ts';
import { judgeEnds } from './promises/ends.ts';
import { judgeFilterTrue } from './promises/filter-true.ts';
import { judgeNeverBack } from './promises/never-back.ts';
import { judgeOrdered } from './promises/ordered.ts';
import { judgeReliable } from './promises/reliable.ts';
import { judgeResumable } from './promises/resumable.ts';
import { judgeUnique } from './promises/unique.ts';
import { bySubscriber, eventsOf, type Recording } from './recording.ts';

const judges: Readonly<Record<PromiseName, Judge>> = {
  ordered: judgeOrdered,
  unique: judgeUnique,
  reliable: judgeReliable,
  resumable: judgeResumable,
  bookmarkable: judgeBookmarkable,
  bounded: judgeBounded,
  'filter-true': judgeFilterTrue,
  convergent: judgeConvergent,
  'ends when it must': judgeEnds,
  acknowledged: judgeAcknowledged,
  'never back in time': judgeNeverBack,
};

/** Decides the promises of the live feed over a recording, which must be of one history of the store. */
export function check(recording: Recording): readonly Violation[] {
  const told = bySubscriber(recording);
  const kase: Case = {
    recording,
    history: createHistory(recording),
    witnesses: eventsOf(recording, 'subscriber').map(({ subscriber, list, isSlow = false }) => ({
      subscriber,
      isSlow,
      list: listNamed(list),
      events: told.get(subscriber) ?? [],
    })),
  };
  return Object.values(judges).flatMap((judge) => [...judge(kase)]);
}
