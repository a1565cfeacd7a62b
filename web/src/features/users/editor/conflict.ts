import type { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import { formatLeaf, leafValue } from '@roster/proto/mask-paths';
import { timeOf } from '../../../lib/time-of.ts';
import { type Attribution, contestedOf, type Draft, type Settled } from './draft.ts';
import { mergeRemote, settleBase } from './merge-remote.ts';
import { copyLeaf, takeLeaf, toUser } from './user-form.ts';

/**
 * Lets the server's refusal of a save in: its current user is merged, and the contested fields learn who changed them.
 *
 * Nothing may be left to choose, for example where the other person changed a field and back; then the same save goes through upon the new base.
 */
export function applyConflict(draft: Draft, conflict: UpdateConflict): Draft {
  const merged = conflict.current ? mergeRemote(draft, conflict.current) : draft;
  const attributions = new Map<string, Attribution>(merged.attributions);
  for (const { path, actor, changedAt } of conflict.changes) {
    attributions.set(path, { actor, changedAt: timeOf(changedAt) });
  }
  return settleBase({ ...merged, attributions });
}

/** Settles one contested field, or changes its earlier settlement. */
export function choose(draft: Draft, path: string, choice: 'mine' | 'theirs'): Draft {
  const contested = contestedOf(draft).find((field) => field.path === path);
  const earlier = draft.settled.get(path);
  const leaf = contested?.leaf ?? earlier?.leaf;
  if (!leaf || earlier?.choice === choice) return draft;
  const typed = toUser(draft.values);
  const next: Settled = {
    leaf,
    choice,
    base: earlier?.base ?? draft.base,
    theirs: draft.remote,
    mine: earlier && choice === 'mine' ? earlier.mine : typed,
  };
  return settleBase({
    ...draft,
    base: copyLeaf(draft.base, leaf, draft.remote),
    values: takeLeaf(draft.values, leaf, choice === 'mine' ? next.mine : next.theirs),
    settled: new Map(draft.settled).set(path, next),
  });
}

/** The fields for which the person has still to choose before a save can go through. */
export function undecided(draft: Draft): readonly string[] {
  const mine = toUser(draft.values);
  return contestedOf(draft)
    .filter(({ leaf, isMineChanged }) => isMineChanged && leafValue(mine, leaf) !== leafValue(draft.remote, leaf))
    .map(({ leaf }) => formatLeaf(leaf));
}
