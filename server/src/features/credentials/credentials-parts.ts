import type { Database } from '../../database/database.ts';
import type { SignInParts } from '../../identity/sign-in.ts';
import type { Mailer } from '../../mail/mailer.ts';

/** What the handlers of this feature are made of. */
export interface CredentialsParts extends SignInParts {
  readonly database: Database;
  readonly clock: () => Date;
  /** Told after each commit that wrote to the outbox, as ending a session does. */
  readonly onCommitted: () => void;
  /** Undefined where no mail is set up. */
  readonly mailer: Mailer | undefined;
}
