import type { Database } from '../../database/database.ts';

/** What the handlers of this feature are made of. */
export interface TokensParts {
  readonly database: Database;
  readonly clock: () => Date;
  /** Told after each commit that wrote to the outbox, as ending a token does. */
  readonly onCommitted: () => void;
}
