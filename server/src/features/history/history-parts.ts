import type {
  RevertUserChangeRequest,
  RevertUserChangeResponse,
} from '@roster/proto/gen/roster/history/v1/history_service';
import type { Database } from '../../database/database.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import type { FeedLog } from '../../watch/feed-log.ts';
import type { FeedSteps } from '../../watch/feed-steps.ts';
import type { TokenSealer } from '../../watch/sealed-token.ts';

/** What the handlers of this feature are made of. */
export interface HistoryParts {
  readonly database: Database;
  readonly sealer: TokenSealer;
  readonly feedSteps: FeedSteps;
  /** The newest stretch of the feed, in memory. */
  readonly feedLog: () => FeedLog;
  readonly heartbeatMs: number;
  /** Takes a change back as any edit of a user is made. */
  readonly revertUserChange: UnaryHandler<RevertUserChangeRequest, RevertUserChangeResponse>;
}
