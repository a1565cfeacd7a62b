import { useEffect } from 'react';
import { useClients } from '../../../rpc/clients.tsx';
import { type Author, findAuthors } from '../api/find-authors.ts';
import { type Attribution, contestedOf, type Draft } from './draft.ts';

/** The contested fields of which nobody has said yet who changed them. */
export function unattributed(draft: Draft): readonly string[] {
  return contestedOf(draft)
    .filter(({ attribution }) => attribution?.actor === undefined)
    .map(({ path }) => path);
}

/** Lets the names of those who changed contested fields in, where they are not known yet. */
export function attribute(draft: Draft, authors: readonly Author[]): Draft {
  const open = new Set(unattributed(draft));
  const named = authors.filter(({ path }) => open.has(path));
  if (named.length === 0) return draft;
  const attributions = new Map<string, Attribution>(draft.attributions);
  for (const { path, actor, changedAt } of named) attributions.set(path, { actor, changedAt });
  return { ...draft, attributions };
}

/** Looks up in the history who it was that changed a field while it is edited here: the feed brings what, not who. */
export function useAuthors(draft: Draft, step: (next: (draft: Draft) => Draft) => void): void {
  const clients = useClients();
  const { id, revision } = draft.remote;
  const key = JSON.stringify(unattributed(draft));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a newer revision may have another author for the same field
  useEffect(() => {
    const paths: readonly string[] = JSON.parse(key);
    if (paths.length === 0) return;
    const abort = new AbortController();
    void findAuthors(clients, id, paths, abort.signal).then((authors) => {
      if (!abort.signal.aborted) step((held) => attribute(held, authors));
    });
    return () => abort.abort();
  }, [clients, id, revision, key, step]);
}
