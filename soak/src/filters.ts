import type { UserFacts } from './recording.ts';

/** A list that subscribers watch: its filter as the API takes it, and the same condition written again by hand, so that the server does not judge itself. */
export interface WatchedList {
  readonly name: string;
  readonly filter: string;
  readonly showDeleted: boolean;
  matches(user: UserFacts): boolean;
}

const alive =
  (condition: (user: UserFacts) => boolean) =>
  (user: UserFacts): boolean =>
    !user.isDeleted && condition(user);

export const watchedLists: readonly WatchedList[] = [
  { name: 'everyone', filter: '', showDeleted: false, matches: alive(() => true) },
  { name: 'admins', filter: 'role = ADMIN', showDeleted: false, matches: alive(({ role }) => role === 'ADMIN') },
  {
    name: 'active editors',
    filter: 'role = EDITOR AND state = ACTIVE',
    showDeleted: false,
    matches: alive(({ role, state }) => role === 'EDITOR' && state === 'ACTIVE'),
  },
  { name: 'vip', filter: 'tags:vip', showDeleted: false, matches: alive(({ tags }) => tags.includes('vip')) },
  {
    name: 'not vip or named Ada',
    filter: 'NOT tags:vip OR name:ada',
    showDeleted: false,
    matches: alive(({ tags, name }) => !tags.includes('vip') || name.toLowerCase().includes('ada')),
  },
  {
    name: 'suspended, deleted too',
    filter: 'state = SUSPENDED',
    showDeleted: true,
    matches: ({ state }) => state === 'SUSPENDED',
  },
];

export function listNamed(name: string): WatchedList {
  const found = watchedLists.find((list) => list.name === name);
  if (!found) throw new Error(`no list is named “${name}”`);
  return found;
}
