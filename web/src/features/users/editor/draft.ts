import type { User } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf, type Leaf, leafValue } from '@roster/proto/mask-paths';
import { changedLeaves } from './form-mask.ts';
import { type FormPatch, toForm, toUser, type UserFormValues } from './user-form.ts';

/** Who last changed a field elsewhere, and when. */
export interface Attribution {
  /** Undefined until the server has told it, which it does when it refuses a save. */
  readonly actor: string | undefined;
  /** Epoch milliseconds. */
  readonly changedAt: number | undefined;
}

/** A contested field for which somebody has chosen; kept so that the choice can be taken back. */
export interface Settled {
  readonly leaf: Leaf;
  readonly choice: 'mine' | 'theirs';
  readonly base: User;
  readonly theirs: User;
  readonly mine: User;
}

/**
 * An edit that has not been saved.
 *
 * A leaf is changed where `values` differ from `base`, and contested where `base` differs from `remote`. A leaf that was not touched follows `remote`
 * by itself, so it is neither.
 */
export interface Draft {
  /**
   * What the person edits upon, leaf by leaf. Its revision goes with the save, and advances to the newest only when nothing is contested, so that the
   * server catches what was not decided.
   */
  readonly base: User;
  /** The newest user known. */
  readonly remote: User;
  readonly values: UserFormValues;
  readonly attributions: ReadonlyMap<string, Attribution>;
  readonly settled: ReadonlyMap<string, Settled>;
}

/** A field that someone else changed and that is not followed silently. */
export interface Contested {
  readonly leaf: Leaf;
  readonly path: string;
  readonly attribution: Attribution | undefined;
  /** The person has typed something of their own; false while they only stand in the field. */
  readonly isMineChanged: boolean;
}

export function startDraft(user: User): Draft {
  return {
    base: user,
    remote: user,
    values: toForm(user),
    attributions: new Map(),
    settled: new Map(),
  };
}

export function editDraft(draft: Draft, patch: FormPatch): Draft {
  return { ...draft, values: { ...draft.values, ...patch } };
}

export function changesOf(draft: Draft): readonly Leaf[] {
  return changedLeaves(draft.base, toUser(draft.values));
}

/** How many changes the bar counts: what would be sent, and rows that cannot be sent yet. */
export function countChanges(draft: Draft): number {
  const mine = toUser(draft.values);
  const sent = Object.keys(mine.metadata).length;
  const unsendable = draft.values.metadata.filter(({ key, value }) => key !== '' || value !== '').length - sent;
  return changesOf(draft).length + unsendable;
}

export function contestedOf(draft: Draft): readonly Contested[] {
  const mine = toUser(draft.values);
  return changedLeaves(draft.base, draft.remote).map((leaf) => {
    const path = formatLeaf(leaf);
    return {
      leaf,
      path,
      attribution: draft.attributions.get(path),
      isMineChanged: leafValue(mine, leaf) !== leafValue(draft.base, leaf),
    };
  });
}
