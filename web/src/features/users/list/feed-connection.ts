import type { UserFeed_Removal as Removal, User } from '@roster/proto/gen/userservice/v1/user';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { type LiveFeed, type LiveHost, type LiveSign, type LiveSink, openLiveFeed } from '../../../live/live-feed.ts';
import { background } from '../../../rpc/background.ts';
import type { FeedTotal } from '../../../rpc/user-feed.ts';
import { type FollowStep, followFeed } from './follow-feed.ts';
import { readPage, type UserPage } from './read-page.ts';
import type { UserListQuery } from './user-list.ts';

/** What a feed tells its list. */
export interface FeedSink extends LiveSink {
  /** The list as a whole, in place of all that was before. */
  snapshot(page: UserPage): void;
  changes(upserts: readonly User[], removals: readonly Removal[]): void;
  total(total: FeedTotal): void;
}

export interface FeedParts extends LiveHost {
  readonly client: IUserServiceClient;
  readonly query: UserListQuery;
  readonly pageSize: number;
  readonly sink: FeedSink;
}

/** Keeps a list of users followed: from its first page on, and after a break from the position that it has. */
export function openFeed({ client, query, pageSize, sink, ...host }: FeedParts): LiveFeed {
  let resumeToken: string | undefined;
  /** The first time, somebody has opened the list; from then on the page goes on by itself. */
  let isAgain = false;

  /** Hands the rows of a step on, and returns what it says of the connection. */
  function take(step: FollowStep, isOpen: boolean): LiveSign {
    switch (step.kind) {
      case 'snapshot':
        resumeToken = step.page.resumeToken;
        sink.snapshot(step.page);
        return isOpen ? { kind: 'behind', count: 0 } : { kind: 'alive' };
      case 'opened':
        if (step.total) sink.total(step.total);
        return { kind: 'opened', heartbeatMs: step.heartbeatMs, isCaughtUp: step.isResumed };
      case 'changes':
        sink.changes(step.upserts, step.removals);
        return { kind: 'alive' };
      case 'position':
        resumeToken = step.resumeToken;
        if (step.total) sink.total(step.total);
        return { kind: 'behind', count: step.behind };
      case 'alive':
        return { kind: 'alive' };
    }
  }

  return openLiveFeed(
    host,
    {
      async follow(abort, tell) {
        let isOpen = false;
        const onStep = (step: FollowStep) => {
          if (abort.aborted) return;
          tell(take(step, isOpen));
          isOpen ||= step.kind === 'opened';
        };
        const following = followFeed({ client, query, pageSize, resumeToken, isAgain, abort, onStep });
        isAgain = true;
        const end = await following;
        if (end.mustRelist && !abort.aborted) resumeToken = undefined;
        return end;
      },
      async read(abort) {
        const reading = readPage(client, query, { skip: 0 }, pageSize, abort, isAgain ? background : {});
        isAgain = true;
        take({ kind: 'snapshot', page: await reading }, false);
      },
    },
    sink,
  );
}
