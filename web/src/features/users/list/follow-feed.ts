import type { UserFeed_Removal as Removal, User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { background } from '../../../rpc/background.ts';
import { rpcFailure } from '../../../rpc/rpc-failure.ts';
import { type FeedEvent, type FeedTotal, readUserFeed } from '../../../rpc/user-feed.ts';
import { listRequestOf, readPage, type UserPage } from './read-page.ts';
import type { UserListQuery } from './user-list.ts';

/** What following a list brings. Every step is also a sign of life. */
export type FollowStep =
  | { readonly kind: 'snapshot'; readonly page: UserPage }
  | { readonly kind: 'changes'; readonly upserts: readonly User[]; readonly removals: readonly Removal[] }
  /** All before this position has come; `behind` more changes are to be looked at. */
  | {
      readonly kind: 'position';
      readonly resumeToken: string;
      readonly total: FeedTotal | undefined;
      readonly behind: number;
    }
  /** The watch stands. */
  | {
      readonly kind: 'opened';
      readonly heartbeatMs: number;
      readonly total: FeedTotal | undefined;
      readonly isResumed: boolean;
    }
  | { readonly kind: 'alive' };

/** How the server ended a watch in order. */
export type GoAway = FeedEvent & { readonly kind: 'go-away' };

export interface FollowRequest {
  readonly client: IUserServiceClient;
  readonly query: UserListQuery;
  readonly pageSize: number;
  /** Where to go on; undefined to read the first page before. */
  readonly resumeToken: string | undefined;
  /** The page follows anew by itself; nobody has just opened this list. */
  readonly isAgain: boolean;
  readonly abort: AbortSignal;
  onStep(step: FollowStep): void;
}

/** Envoy cannot see the request's body; this tells it the route of the feed, which has no timeout. */
const feedHeader = { 'x-roster-feed': '1' } as const;

/** Follows a list until the server ends that in order. Throws what the calls throw; a stream that merely ends has broken off. */
export async function followFeed(request: FollowRequest): Promise<GoAway> {
  const { client, query, pageSize, isAgain, abort, onStep } = request;
  let { resumeToken } = request;
  if (resumeToken === undefined) {
    const page = await readPage(client, query, { skip: 0 }, pageSize, abort, isAgain ? background : {});
    onStep({ kind: 'snapshot', page });
    resumeToken = page.resumeToken;
  }
  const watch = ListUsersRequest.create({
    ...listRequestOf(query, pageSize),
    envelope: true,
    watch: true,
    resumeToken,
  });
  const { responses } = client.listUsers(watch, { abort, meta: { ...feedHeader } });
  const snapshot = createSnapshotReader();
  for await (const event of readUserFeed(responses)) {
    if (event.kind === 'go-away') return event;
    onStep(snapshot.read(event));
  }
  throw rpcFailure('UNAVAILABLE', 'The feed ended without saying why.');
}

/** Collects a snapshot, which the server sends where a token was of no use, and hands on all else. */
function createSnapshotReader() {
  let collected: { readonly users: User[]; readonly total: FeedTotal | undefined } | undefined;
  return {
    read(event: Exclude<FeedEvent, { kind: 'go-away' }>): FollowStep {
      switch (event.kind) {
        case 'begin':
          collected = { users: [], total: event.total };
          return { kind: 'opened', heartbeatMs: event.heartbeatMs, total: undefined, isResumed: false };
        case 'resumed':
          return { kind: 'opened', heartbeatMs: event.heartbeatMs, total: event.total, isResumed: true };
        case 'changes':
          if (!collected) return event;
          collected.users.push(...event.upserts);
          return { kind: 'alive' };
        case 'end': {
          const { users, total } = collected ?? { users: [], total: undefined };
          collected = undefined;
          return { kind: 'snapshot', page: { users, total, ...event } };
        }
        case 'checkpoint':
          return { ...event, kind: 'position' };
        case 'unknown':
          return { kind: 'alive' };
      }
    },
  };
}
