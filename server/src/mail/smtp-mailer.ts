import { createTransport } from 'nodemailer';
import type { MailSettings } from '../config.ts';
import { untilAborted } from '../rpc/lifetime.ts';
import { writeLinkMail } from './link-mail.ts';
import type { Mailer } from './mailer.ts';

/** A mail that the mail server has not taken. Says why in codes alone: what a mail server answers may quote the mail. */
export class MailError extends Error {
  override readonly name = 'MailError';
}

/**
 * Sends by SMTP, over one connection for each mail. A mail is in the clear only on this machine, unless SMTP_URL ends in `?ignoreTLS=true` or `?requireTLS=false`.
 *
 * `timeLimitMs`: so long may all of it take. Below the deadline of a call, so that its answer still comes, with the link that was not mailed.
 */
export function createSmtpMailer(settings: MailSettings, { timeLimitMs = 6000 } = {}): Mailer {
  const transport = createTransport({
    url: settings.smtpUrl,
    requireTLS: !isLoopback(settings.smtpUrl) && !saysHow(settings.smtpUrl),
    connectionTimeout: timeLimitMs,
    greetingTimeout: timeLimitMs,
    socketTimeout: timeLimitMs,
    dnsTimeout: timeLimitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async sendLink(mail) {
      const sent = transport.sendMail({
        ...writeLinkMail(mail, settings.publicUrl),
        from: settings.from,
        // As an object, so that no comma in it makes two addresses of it.
        to: { name: '', address: mail.to },
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      try {
        await untilAborted(sent, AbortSignal.timeout(timeLimitMs));
      } catch (error) {
        throw mailError(error);
      }
    },
  };
}

function mailError(error: unknown): MailError {
  const codes =
    error instanceof DOMException ? ['ETIMEDOUT'] : ['code', 'responseCode'].flatMap((name) => textOf(error, name));
  return new MailError(`The mail server has not taken the mail (${codes.join(', ') || 'unknown'}).`);
}

function textOf(error: unknown, name: string): readonly string[] {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

function isLoopback(url: string): boolean {
  return /^(?:localhost|\[::1\]|127(?:\.\d+){3})$/i.test(new URL(url).hostname);
}

function saysHow(url: string): boolean {
  const { searchParams } = new URL(url);
  return searchParams.has('ignoreTLS') || searchParams.has('requireTLS');
}
