import type { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';

/** A one-time link on its way to the person it was made for. */
export interface LinkMail {
  readonly to: string;
  readonly name: string;
  readonly purpose: LinkPurpose;
  /** The path of the console with the secret, for example `/accept#…`. Which console that is, the mailer knows: never from a header of a call. */
  readonly path: string;
  readonly expiresAt: Date;
}

/** Sends mails; absent where none is set up. */
export interface Mailer {
  /** Resolves when the mail server has taken the mail. */
  sendLink(mail: LinkMail): Promise<void>;
}
