import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import { type DraftStorage, usePersonStorage } from '../../../session/person-storage.ts';
import { countChanges, type Draft, startDraft } from './draft.ts';
import { forgetDraft, loadDraft, storeDraft } from './draft-storage.ts';
import { mergeRemote, releaseHeld } from './merge-remote.ts';

export interface DraftHandle {
  readonly draft: Draft;
  readonly changeCount: number;
  /** The draft as it is now, also between two drawings. */
  latest(): Draft;
  /** Takes a pure step. */
  step(next: (draft: Draft) => Draft): void;
  /** Says which field has the focus; newer values wait for it to be left. */
  focus(path: string | undefined): void;
  discard(): void;
}

/**
 * Holds the edit of one user: lets newer states of the user in, and keeps it over a reload. Start it anew (by `key`) for another user.
 *
 * `isSaving` holds newer states back: the save's own echo must not look like somebody else's edit.
 */
export function useDraft(user: User, isSaving: boolean): DraftHandle {
  const storage = usePersonStorage();
  const [draft, setDraft] = useState(() => restore(storage, user));
  const current = useRef(draft);
  const focused = useRef<string>(undefined);
  const isGone = useIsGone();
  const kept = useRef(draft);
  const keep = useCallback(
    (held: Draft) => {
      kept.current = held;
      if (countChanges(held) > 0) storeDraft(storage, user.id, held);
      else forgetDraft(storage, user.id);
    },
    [storage, user.id],
  );
  const step = useCallback(
    (next: (draft: Draft) => Draft) => {
      current.current = next(current.current);
      setDraft(current.current);
      // The answer to a save that was still on its way: what it has saved is no draft any more. What is kept by now may be thrown away, also by signing
      // out, or be the draft of a form that was opened since.
      if (isGone() && isKept(storage, user.id, kept.current)) keep(current.current);
    },
    [isGone, keep, storage, user.id],
  );

  useEffect(() => {
    if (!isSaving) step((held) => mergeRemote(held, user, focused.current));
  }, [user, isSaving, step]);

  useEffect(() => keep(draft), [keep, draft]);

  return {
    draft,
    changeCount: countChanges(draft),
    latest: () => current.current,
    step,
    focus(path) {
      if (path === focused.current) return;
      focused.current = path;
      if (!isSaving) step(releaseHeld);
    },
    discard() {
      step(({ remote }) => startDraft(remote));
      // At once, for the panel may close before the next effect runs.
      forgetDraft(storage, user.id);
    },
  };
}

/** Whether what is kept of a user is this draft. */
function isKept(storage: DraftStorage, userId: string, draft: Draft): boolean {
  return JSON.stringify(loadDraft(storage, userId)?.values) === JSON.stringify(draft.values);
}

function restore(storage: DraftStorage, user: User): Draft {
  const kept = loadDraft(storage, user.id);
  return kept ? mergeRemote(kept, user) : startDraft(user);
}
