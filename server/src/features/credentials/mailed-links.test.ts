import { createServer } from 'node:net';
import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { expect, onTestFinished, test } from 'vitest';
import { type MailCatcher, openMailCatcher } from '../../mail/testing/mail-catcher.ts';
import { createPasswordPerson } from '../../testing/password-people.ts';
import { startTestApp } from '../../testing/test-app.ts';
import { openBrowser } from '../../testing/test-browser.ts';
import { createPerson } from '../../testing/test-people.ts';

/** A server that mails there. */
async function start(smtpUrl: string) {
  const from = 'Roster <roster@roster.example>';
  const app = await startTestApp({ mail: { smtpUrl, from, publicUrl: 'https://console.example' } });
  return { ...app, credentials: new CredentialServiceClient(app.transport) };
}

async function catchMails(): Promise<MailCatcher> {
  const catcher = await openMailCatcher();
  onTestFinished(() => catcher.close());
  return catcher;
}

/** A mail server that takes connections and says nothing. */
async function openSilence(): Promise<string> {
  const silence = createServer();
  await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silence.close());
  const address = silence.address();
  return `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test('an invitation is shown and mailed: the same link, which opens', async () => {
  const catcher = await catchMails();
  const { credentials, database } = await start(catcher.url);
  const { user } = await createPerson(database, { name: 'Grace Hopper', canSignIn: false });
  const { path, mailedTo } = await credentials.createLink({ userId: user.id, requestId: '' }).response;
  expect(mailedTo).toBe(user.email);
  const mail = await catcher.next();
  expect(mail.to).toEqual([user.email]);
  expect(mail.text).toContain('Hello Grace Hopper,');
  expect(mail.text).toContain(`https://console.example${path}\n`);
  const opened = await credentials.openLink({ secret: path.split('#')[1] ?? '' }).response;
  expect(opened).toMatchObject({ purpose: LinkPurpose.INVITATION, email: user.email });
});

test('a link that cannot be mailed is shown all the same, within the deadline, and said not to be mailed', async () => {
  const { credentials, database } = await start(await openSilence());
  const { user } = await createPerson(database, { canSignIn: false });
  const call = credentials.createLink({ userId: user.id, requestId: '' }, { timeout: 10_000 });
  const { path, mailedTo } = await call.response;
  expect(mailedTo).toBe('');
  const opened = await credentials.openLink({ secret: path.split('#')[1] ?? '' }).response;
  expect(opened).toMatchObject({ purpose: LinkPurpose.INVITATION, email: user.email });
});

test('a lost password is mailed to the address that is stored, to the console that is set up, whatever was typed and asked', async () => {
  const catcher = await catchMails();
  const app = await start(catcher.url);
  const { user } = await createPasswordPerson(app.database, { email: 'Grace.Hopper@people.example' });
  const browser = openBrowser(app, { host: 'evil.example' });
  const typed = '  grace.hopper@PEOPLE.example ';
  await new CredentialServiceClient(browser.transport).requestPasswordReset({ email: typed }).response;
  const mail = await catcher.next();
  expect(mail.to).toEqual([user.email]);
  expect(mail.source).not.toMatch(/PEOPLE\.example|evil\.example/);
  const secret = /https:\/\/console\.example\/accept#([\w-]{43})\n/.exec(mail.text)?.[1] ?? '';
  const { purpose } = await app.credentials.openLink({ secret }).response;
  expect(purpose).toBe(LinkPurpose.PASSWORD_RESET);
});

test('nobody is mailed who is not in the list, or cannot sign in', async () => {
  const catcher = await catchMails();
  const app = await start(catcher.url);
  const { user: record } = await createPerson(app.database, { canSignIn: false });
  const { user } = await createPasswordPerson(app.database);
  for (const email of ['nobody@people.example', record.email, user.email]) {
    await app.credentials.requestPasswordReset({ email }).response;
  }
  // A server ends after the mails that are on their way.
  await app.app.stop();
  expect(catcher.mails.flatMap(({ to }) => to)).toEqual([user.email]);
});
