import type { UserListQuery } from '../list/user-list.ts';

/** What the address says about the list: its query, and what stands in the panel. */
export interface ListUrl {
  readonly query: UserListQuery;
  readonly userId: string | undefined;
  readonly isNew: boolean;
}

export function parseListUrl(search: string): ListUrl {
  const parameters = new URLSearchParams(search);
  return {
    query: { filter: parameters.get('filter') ?? '', orderBy: parameters.get('order') ?? '', showDeleted: false },
    userId: parameters.get('user') || undefined,
    isNew: parameters.has('new'),
  };
}

/** The address of a list, without what is unset. */
export function formatListUrl({ query, userId, isNew }: ListUrl): string {
  const parameters = new URLSearchParams();
  if (query.filter) parameters.set('filter', query.filter);
  if (query.orderBy) parameters.set('order', query.orderBy);
  if (userId) parameters.set('user', userId);
  if (isNew) parameters.set('new', '');
  const search = parameters.toString().replace(/(^|&)new=$/, '$1new');
  return search ? `/users?${search}` : '/users';
}
