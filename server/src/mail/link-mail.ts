import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import type { LinkMail } from './mailer.ts';

/** What a mail says, in plain text and in HTML. */
export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Words {
  readonly subject: string;
  readonly what: string;
  readonly action: string;
}

const asked = 'If you do not know why you get this mail, do nothing: nothing changes without the link.';

const words: Readonly<Record<LinkPurpose, Words>> = {
  [LinkPurpose.UNSPECIFIED]: { subject: 'Roster', what: 'here is your link.', action: 'Open Roster' },
  [LinkPurpose.SETUP]: { subject: 'Set up Roster', what: 'with this link you set Roster up.', action: 'Set up Roster' },
  [LinkPurpose.INVITATION]: {
    subject: 'Your invitation to Roster',
    what: 'you have been invited to Roster. With this link you choose how you sign in.',
    action: 'Accept the invitation',
  },
  [LinkPurpose.PASSWORD_RESET]: {
    subject: 'A new password for Roster',
    what: 'a new password was asked for in your name. With this link you set one.',
    action: 'Set a new password',
  },
  [LinkPurpose.RECOVERY]: {
    subject: 'Your way back into Roster',
    what: 'an admin has made you this link to sign in again. Using it ends what you have signed in with so far, passkeys included.',
    action: 'Sign in again',
  },
};

/** Writes the mail that brings a link. `publicUrl`: the origin of the console. */
export function writeLinkMail({ name, purpose, path, expiresAt }: LinkMail, publicUrl: string): MailContent {
  const { subject, what, action } = words[purpose];
  const link = `${publicUrl}${path}`;
  const greeting = `Hello ${name.replaceAll(/\s+/g, ' ').trim()},`;
  const until = `The link works once, until ${momentInWords(expiresAt)}.`;
  return {
    subject,
    text: `${[greeting, what, `${action}: ${link}`, until, asked].join('\n\n')}\n`,
    html: [
      '<!doctype html><html lang="en"><body style="font: 16px/1.5 sans-serif">',
      ...[greeting, what].map((line) => `<p>${escapeHtml(line)}</p>`),
      `<p><a href="${escapeHtml(link)}">${escapeHtml(action)}</a></p>`,
      ...[until, asked].map((line) => `<p>${escapeHtml(line)}</p>`),
      '</body></html>\n',
    ].join('\n'),
  };
}

/** In UTC: nobody knows where a mail is read. */
function momentInWords(moment: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(moment)} UTC`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
