import { expect, type Page } from '@playwright/test';
import { consoleOn } from '../src/console.ts';
import { addPasskey, offerNoPasskeys } from '../src/sign-in-authenticator.ts';
import { linkIn, openMailServer, type TestMailServer } from '../src/sign-in-mail.ts';
import { expectSignInPage, signInForm } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

let mailServer: TestMailServer;
const test = testSignIn(async () => {
  mailServer = await openMailServer();
  return mailServer.stackOptions;
});
test.afterAll(() => mailServer?.close());

const password = 'nine herons under a bridge';

/** A passkey whose person is away until they are there again. */
async function leavePasskey(page: Page) {
  await offerNoPasskeys(page);
  const authenticator = await addPasskey(page);
  await authenticator.setPresent(false);
  return authenticator;
}

/** Asks for a link in a window of its own, as whoever has lost their password does. */
async function mailedLink(page: Page, email: string): Promise<string> {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Lost it?' }).click();
  await page.getByRole('main').getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  const mailOf = () =>
    mailServer.mails.find(({ to, subject }) => to.includes(email) && subject === 'A new password for Roster');
  await expect.poll(mailOf).toBeDefined();
  return linkIn(mailOf() ?? { to: [], subject: '', text: '' });
}

async function setPassword(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Set the password and sign in' }).click();
}

test('whoever has a passkey besides the new password is led to where they sign in with both', async ({
  invite,
  openBrowser,
}) => {
  const person = await invite('Keeps Her Key');
  const page = await (await openBrowser(person)).newPage();
  const authenticator = await leavePasskey(page);
  const link = await mailedLink(await (await openBrowser(undefined)).newPage(), person.email);
  // Her own session of before, which the new password ends, is not taken for somebody else's.
  await setPassword(page, link);
  await expectSignInPage(page);
  await expect(page.getByText('Your password is set. Sign in with it and your passkey.')).toBeVisible();
  await authenticator.setPresent(true);
  await signInForm(page).signIn({ ...person, password });
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('where somebody else is signed in, whoever has set a password is told so, and not led into their console', async ({
  invite,
  openBrowser,
}) => {
  const [person, other] = [await invite('Keeps His Key'), await invite('Was Here Before')];
  await leavePasskey(await (await openBrowser(person)).newPage());
  const link = await mailedLink(await (await openBrowser(undefined)).newPage(), person.email);
  const page = await (await openBrowser(other)).newPage();
  await setPassword(page, link);
  await expect(page.getByRole('heading', { name: 'Your password is set' })).toBeVisible();
  await expect(page.getByRole('status')).toContainText('Was Here Before');
  await page.getByRole('button', { name: 'Sign out Was Here Before' }).click();
  await expectSignInPage(page);
});
