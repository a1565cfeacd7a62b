import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { timing } from '@roster/proto/timing';
import type { UserListQuery } from '../list/user-list.ts';

/**
 * Tells whether a list with this query shows a user; undefined where the server does not say.
 *
 * The server judges the filter, because the page has no evaluator of its own.
 */
export async function matchesList(client: IUserServiceClient, id: string, query: UserListQuery) {
  if (query.filter.trim() === '') return true;
  const { filter, showDeleted } = query;
  const request = { ...emptyRequest, filter: `(${filter}) AND id = "${id}"`, showDeleted };
  try {
    let isFound = false;
    for await (const _ of client.listUsers(request, { timeout: timing.unaryDeadlineMs }).responses) isFound = true;
    return isFound;
  } catch {
    return undefined;
  }
}

const emptyRequest = {
  pageSize: 1,
  pageToken: '',
  orderBy: '',
  skip: 0,
  watch: false,
  envelope: false,
  resumeToken: '',
};
