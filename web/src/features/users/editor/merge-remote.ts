import type { User } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf, type Leaf, leafValue } from '@roster/proto/mask-paths';
import { timeOf } from '../../../lib/time-of.ts';
import { contestedOf, type Draft } from './draft.ts';
import { leavesOfAll } from './form-mask.ts';
import { copyLeaf, takeLeaf, toUser } from './user-form.ts';

/**
 * Lets a newer state of the user into an edit.
 *
 * Leaves that were not touched take the new value. Touched ones keep what was typed and become contested, unless both came to the same value.
 * `heldPath` is the leaf that has the focus: it is left alone although it may not be touched yet, because nothing changes under the caret.
 */
export function mergeRemote(draft: Draft, remote: User, heldPath?: string): Draft {
  return remote.revision > draft.remote.revision ? absorb(draft, remote, heldPath) : draft;
}

/** Lets the values that were held back for the focus in. */
export function releaseHeld(draft: Draft): Draft {
  return contestedOf(draft).some(({ isMineChanged }) => !isMineChanged)
    ? absorb(draft, draft.remote, undefined)
    : draft;
}

/**
 * Lets the answer to a save in. What was typed while the save was on its way stays changed.
 *
 * `submitted` is the user whose leaves were sent; the server may have normalised them, so the answer's spelling wins where nothing was typed since.
 */
export function acceptAnswer(draft: Draft, submitted: User, leaves: readonly Leaf[], answer: User): Draft {
  const mine = toUser(draft.values);
  let { base, values } = draft;
  for (const leaf of leaves) {
    base = copyLeaf(base, leaf, answer);
    if (leafValue(mine, leaf) === leafValue(submitted, leaf)) values = takeLeaf(values, leaf, answer);
  }
  const accepted = absorb({ ...draft, base, values, settled: new Map() }, answer, undefined);
  return mergeRemote(accepted, draft.remote);
}

/** Advances the base when nothing is contested any more. */
export function settleBase(draft: Draft): Draft {
  if (contestedOf(draft).length > 0) return draft;
  return { ...draft, base: draft.remote, attributions: new Map() };
}

function absorb(draft: Draft, remote: User, heldPath: string | undefined): Draft {
  const mine = toUser(draft.values);
  const settled = new Map(draft.settled);
  const attributions = new Map(draft.attributions);
  let { base, values } = draft;
  for (const leaf of leavesOfAll(base, draft.remote, remote, mine)) {
    const path = formatLeaf(leaf);
    const theirs = leafValue(remote, leaf);
    if (theirs !== leafValue(draft.remote, leaf)) {
      settled.delete(path);
      attributions.set(path, { actor: undefined, changedAt: timeOf(remote.updatedAt) });
    }
    const isTouched = leafValue(mine, leaf) !== leafValue(base, leaf);
    if (!isTouched && path === heldPath) continue;
    if (!isTouched && theirs !== leafValue(base, leaf)) values = takeLeaf(values, leaf, remote);
    if (!isTouched || leafValue(mine, leaf) === theirs) base = copyLeaf(base, leaf, remote);
  }
  return settleBase({ ...draft, base, values, remote, settled, attributions });
}
