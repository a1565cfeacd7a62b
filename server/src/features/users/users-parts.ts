import type { Database } from '../../database/database.ts';
import type { RefusedCall } from '../../identity/refusals.ts';

/** What the handlers of this feature are made of. */
export interface UsersParts {
  readonly database: Database;
  readonly clock: () => Date;
  /** Makes the id of a new user: a UUID of version 7. */
  readonly newId: () => string;
  /** Told after each commit that wrote to the outbox. */
  readonly onCommitted: () => void;
  /** Told of rows that fail by themselves; writes down those that were refused. */
  readonly noteRefusal: (call: RefusedCall, error: unknown) => void;
}
