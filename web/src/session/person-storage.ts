import { useMemo } from 'react';
import { useSignedIn } from './session-context.tsx';

/** The part of a `Storage` that keeps unsaved input. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** A storage that shows one person only what they have put there: another one who signs in at the same browser has keys of their own. */
export function personStorage(storage: DraftStorage, personId: string): DraftStorage {
  const keyOf = (key: string) => `${key}@${personId}`;
  return {
    getItem: (key) => storage.getItem(keyOf(key)),
    setItem: (key, value) => storage.setItem(keyOf(key), value),
    removeItem: (key) => storage.removeItem(keyOf(key)),
  };
}

/** The tab's storage of whoever is signed in. */
export function usePersonStorage(): DraftStorage {
  const { id } = useSignedIn().user;
  return useMemo(() => personStorage(sessionStorage, id), [id]);
}
