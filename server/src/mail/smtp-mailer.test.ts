import { createServer } from 'node:net';
import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { expect, onTestFinished, test } from 'vitest';
import type { LinkMail, Mailer } from './mailer.ts';
import { createSmtpMailer, MailError } from './smtp-mailer.ts';
import { openMailCatcher } from './testing/mail-catcher.ts';

const secret = 'kF3ZcJ0y1mYxg5qQmBvN8rTt2uWwE4aSdLoPiUyHjKc';
const invitation: LinkMail = {
  to: 'ada@people.example',
  name: 'Ada Lovelace',
  purpose: LinkPurpose.INVITATION,
  path: `/accept#${secret}`,
  expiresAt: new Date('2026-12-01T17:08:09Z'),
};

function mailerTo(smtpUrl: string, options?: { readonly timeLimitMs?: number }): Mailer {
  const settings = { smtpUrl, from: 'Roster <roster@roster.example>', publicUrl: 'https://roster.example' };
  return createSmtpMailer(settings, options);
}

async function startMailCatcher(options?: Parameters<typeof openMailCatcher>[0]) {
  const catcher = await openMailCatcher(options);
  onTestFinished(() => catcher.close());
  return catcher;
}

async function failureOf(mailer: Mailer): Promise<MailError> {
  const [outcome] = await Promise.allSettled([mailer.sendLink(invitation)]);
  if (outcome.status === 'fulfilled') throw new Error('The mail was taken.');
  expect(outcome.reason).toBeInstanceOf(MailError);
  expect(JSON.stringify([outcome.reason.message, outcome.reason.stack, outcome.reason])).not.toContain(secret);
  expect(outcome.reason.cause).toBeUndefined();
  return outcome.reason;
}

test('an invitation brings its link, to the console that is set up, in text and in HTML', async () => {
  const catcher = await startMailCatcher();
  await mailerTo(catcher.url).sendLink(invitation);
  const mail = await catcher.next();
  const link = `https://roster.example/accept#${secret}`;
  expect(mail).toMatchObject({ from: 'roster@roster.example', to: ['ada@people.example'] });
  expect(Object.fromEntries(mail.headers)).toMatchObject({
    from: 'Roster <roster@roster.example>',
    to: 'ada@people.example',
    subject: 'Your invitation to Roster',
    'auto-submitted': 'auto-generated',
  });
  expect(mail.text).toContain('Hello Ada Lovelace,');
  expect(mail.text).toContain(`Accept the invitation: ${link}\n`);
  expect(mail.text).toContain('The link works once, until 1 December 2026 at 17:08 UTC.');
  expect(mail.html).toContain(`<a href="${link}">Accept the invitation</a>`);
});

test('each purpose has words of its own', async () => {
  const catcher = await startMailCatcher();
  const purposes = [LinkPurpose.INVITATION, LinkPurpose.PASSWORD_RESET, LinkPurpose.RECOVERY];
  for (const purpose of purposes) await mailerTo(catcher.url).sendLink({ ...invitation, purpose });
  expect(catcher.mails.map(({ headers }) => headers.get('subject'))).toEqual([
    'Your invitation to Roster',
    'A new password for Roster',
    'Your way back into Roster',
  ]);
});

test('48. a hostile name stays text: no markup, no further line, no further header', async () => {
  const catcher = await startMailCatcher();
  const name = 'Eve <img src=x onerror=alert(1)> "&\'\r\n\r\nBcc: victim@people.example\r\n';
  await mailerTo(catcher.url).sendLink({ ...invitation, name });
  const mail = await catcher.next();
  expect(mail.html).not.toMatch(/<img|"&'/);
  expect(mail.html).toContain(
    'Hello Eve &#60;img src=x onerror=alert(1)&#62; &#34;&#38;&#39; Bcc: victim@people.example,',
  );
  expect(mail.text).toContain('"&\' Bcc: victim@people.example,\n');
  expect(mail.headers.has('bcc')).toBe(false);
  expect(mail.to).toEqual(['ada@people.example']);
});

test.for([
  'ada@people.example, eve@evil.example',
  'ada@people.example>, <eve@evil.example',
  'a@b.example\r\nRCPT TO:<eve@evil.example>',
])('an address that could be read as two goes to nobody else: %j', async (to) => {
  const catcher = await startMailCatcher();
  await mailerTo(catcher.url)
    .sendLink({ ...invitation, to })
    .catch(() => undefined);
  expect(catcher.mails.flatMap((mail) => mail.to)).not.toContain('eve@evil.example');
});

test('names in other scripts arrive as they are', async () => {
  const catcher = await startMailCatcher();
  await mailerTo(catcher.url).sendLink({ ...invitation, name: 'Søren Ångström 李雷 🙂' });
  const mail = await catcher.next();
  expect(mail.text).toContain('Hello Søren Ångström 李雷 🙂,');
  expect(mail.html).toContain('Hello Søren Ångström 李雷 🙂,');
});

test('the user and password of SMTP_URL are given to the mail server', async () => {
  const given: unknown[] = [];
  const catcher = await startMailCatcher({
    authOptional: false,
    onAuth({ username, password }, _session, callback) {
      given.push(username, password);
      callback(null, { user: username ?? '' });
    },
  });
  await mailerTo(`smtp://roster:p%40ss@127.0.0.1:${catcher.port}`).sendLink(invitation);
  expect(given).toEqual(['roster', 'p@ss']);
});

test('what a mail server refuses is told by code alone', async () => {
  const catcher = await startMailCatcher({
    onData(stream, _session, callback) {
      stream.resume();
      stream.on('end', () => callback(new Error(`550 no such thing as ${secret}`)));
    },
  });
  expect((await failureOf(mailerTo(catcher.url))).message).toMatch(
    /^The mail server has not taken the mail \(E\w+, \d{3}\)\.$/,
  );
});

test('a mail server that is not there, or says nothing, fails within the limit', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  onTestFinished(() => void silent.close());
  expect((await failureOf(mailerTo(`smtp://127.0.0.1:${port}`, { timeLimitMs: 100 }))).message).toContain('ETIMEDOUT');

  const failure = await failureOf(mailerTo('smtp://127.0.0.1:1'));
  expect(failure.message).toMatch(/ESOCKET|ECONNECTION|ECONNREFUSED/);
});

test('a link goes over no network in the clear, unless SMTP_URL says so', async () => {
  const catcher = await startMailCatcher();
  // By a name that resolves to this machine, but is not known to.
  const elsewhere = `smtp://0.0.0.0:${catcher.port}`;
  await failureOf(mailerTo(elsewhere));
  expect(catcher.mails).toEqual([]);
  await mailerTo(`${elsewhere}?ignoreTLS=true`).sendLink(invitation);
  expect(catcher.mails).toHaveLength(1);

  const encrypting = await startMailCatcher({ disabledCommands: [] });
  await mailerTo(`smtp://0.0.0.0:${encrypting.port}?requireTLS=true&tls.rejectUnauthorized=false`).sendLink(invitation);
  expect(encrypting.mails.map(({ wasEncrypted }) => wasEncrypted)).toEqual([true]);
});
