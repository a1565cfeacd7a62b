import type { Database } from '../../database/database.ts';
import type { OidcProvider } from '../../identity/oidc-provider.ts';
import type { Passwords } from '../../identity/passwords.ts';
import type { SessionCookie } from '../../identity/session-cookie.ts';
import type { SignInParts } from '../../identity/sign-in.ts';

/** What the handlers of this feature are made of. */
export interface SessionsParts extends SignInParts {
  readonly database: Database;
  /** Told after each commit that wrote to the outbox, as ending a session does. */
  readonly onCommitted: () => void;
  /** The OpenID provider; undefined where there is none. */
  readonly oidc: OidcParts | undefined;
  /** Mails are sent. */
  readonly sendsMail: boolean;
  readonly passwords: Passwords;
  /** How many days deleted people stay in the bin; 0 for ever. */
  readonly binDays: number;
}

export interface OidcParts {
  /** On the button. */
  readonly name: string;
  readonly provider: OidcProvider;
  /** Marks the browser that has begun to sign in. */
  readonly cookie: SessionCookie;
}
