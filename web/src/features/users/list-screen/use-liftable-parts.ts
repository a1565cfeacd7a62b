import { useEffect, useState } from 'react';
import { useClients } from '../../../rpc/clients.tsx';
import type { FeedTotal } from '../../../rpc/user-feed.ts';
import { readPage } from '../list/read-page.ts';
import type { UserListQuery } from '../list/user-list.ts';
import { type LiftablePart, liftableParts } from './filter-clauses.ts';

/** A part of a filter, and how many there are without it, where the server could say. */
export interface CountedPart extends LiftablePart {
  readonly total: FeedTotal | undefined;
}

/** More parts than these are not counted: each costs a question. */
const mostParts = 6;
/** The person does not wait longer than this for the counts. */
const patienceMs = 1_500;

/** The parts without which a filter that matches no one would match someone, the most people first; undefined while that is asked. */
export function useLiftableParts({ filter, showDeleted }: UserListQuery): readonly CountedPart[] | undefined {
  const { users } = useClients();
  const [parts, setParts] = useState<readonly CountedPart[]>();
  useEffect(() => {
    const abort = new AbortController();
    const ended = AbortSignal.any([abort.signal, AbortSignal.timeout(patienceMs)]);
    const count = async (part: LiftablePart): Promise<CountedPart> => {
      const query = { filter: part.rest, orderBy: '', showDeleted };
      const page = await readPage(users, query, { skip: 0 }, 1, ended).catch(() => undefined);
      return { ...part, total: page?.total };
    };
    const candidates = liftableParts(filter).filter(({ rest }) => rest !== '');
    void Promise.all(candidates.slice(0, mostParts).map(count)).then((counted) => {
      if (!abort.signal.aborted) setParts(counted.filter(({ total }) => total?.size !== 0).toSorted(byMost));
    });
    return () => abort.abort();
  }, [users, filter, showDeleted]);
  return parts;
}

function byMost(a: CountedPart, b: CountedPart): number {
  return sizeOf(b) - sizeOf(a);
}

/** What takes long to count is many. */
function sizeOf({ total }: CountedPart): number {
  if (!total) return 0;
  return total.isMinimum ? Number.MAX_SAFE_INTEGER : total.size;
}
