import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { timing } from '@roster/proto/timing';
import { rpcFailure } from '../../../rpc/rpc-failure.ts';
import { type FeedTotal, readUserFeed } from '../../../rpc/user-feed.ts';
import type { UserListQuery } from './user-list.ts';

/** Rows of one finite read, in the list's order. */
export interface UserPage {
  readonly users: readonly User[];
  readonly total: FeedTotal | undefined;
  /** Empty where the list ends with this page. */
  readonly nextPageToken: string;
  readonly resumeToken: string;
}

/** Which rows to read: those after a token, or those from a place on. */
export type PagePlace = { readonly after: string } | { readonly skip: number };

/** Reads one page of a list by the finite envelope. Throws what the call throws. `meta`: `background` where the page reads by itself. */
export async function readPage(
  client: IUserServiceClient,
  query: UserListQuery,
  place: PagePlace,
  pageSize: number,
  abort: AbortSignal,
  meta: RpcMetadata = {},
): Promise<UserPage> {
  const request = ListUsersRequest.create({
    ...listRequestOf(query, pageSize),
    envelope: true,
    ...('after' in place ? { pageToken: place.after } : { skip: place.skip }),
  });
  const { responses } = client.listUsers(request, { abort, meta, timeout: timing.unaryDeadlineMs });
  const users: User[] = [];
  let total: FeedTotal | undefined;
  let page: UserPage | undefined;
  for await (const event of readUserFeed(responses)) {
    if (event.kind === 'begin') total = event.total;
    else if (event.kind === 'changes') users.push(...event.upserts);
    else if (event.kind === 'end') page = { users, total, ...event };
  }
  if (!page) throw rpcFailure('INTERNAL', 'The page has no end.');
  return page;
}

/** The part of the request that every call for the same list shares, so that its tokens fit. */
export function listRequestOf(query: UserListQuery, pageSize: number) {
  const { filter, orderBy, showDeleted } = query;
  return { pageSize, filter, orderBy, showDeleted };
}
