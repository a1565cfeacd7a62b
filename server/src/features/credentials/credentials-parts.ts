import type { Database } from '../../database/database.ts';
import type { Background } from '../../identity/background.ts';
import type { Passwords } from '../../identity/passwords.ts';
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
  readonly passwords: Passwords;
  /** Random, made with the store: secrets of repeated calls are made with it, and are worth nothing without the client's own part. */
  readonly linkKey: Buffer;
  readonly background: Background;
  /** Told of what fails without failing the call, as a mail that could not be sent. */
  readonly onError: (error: unknown) => void;
}
