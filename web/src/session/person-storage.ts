import { useMemo } from 'react';
import { useSignedIn } from './session-context.tsx';

/** The part of a `Storage` that keeps unsaved input. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The unsaved input in this tab. */
export interface Drafts {
  /** Whether there is some of a person. */
  has(personId: string): boolean;
  forget(personId: string): void;
}

/** Looks into a storage that may be forbidden; then nothing was kept in it. */
export function draftsIn(openStorage: () => Storage): Drafts {
  const keysOf = (storage: Storage, personId: string) =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
      key.endsWith(`@${personId}`),
    );
  return {
    has(personId) {
      try {
        return keysOf(openStorage(), personId).length > 0;
      } catch {
        return false;
      }
    },
    forget(personId) {
      try {
        const storage = openStorage();
        for (const key of keysOf(storage, personId)) storage.removeItem(key);
      } catch {
        // Nothing was kept.
      }
    },
  };
}

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
