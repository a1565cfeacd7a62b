import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expectNoFaults, expectNothingBeyondEdge } from '../src/accessibility.ts';
import { consoleOn, openConsole } from '../src/console.ts';
import type { SignedIn } from '../src/sign-in.ts';
import { addAuthenticator } from '../src/sign-in-authenticator.ts';
import { confirmation, expectSignInPage, signInForm } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const test = testSignIn();

const chromeOnLinux = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36' };
const firefoxOnWindows = { userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Firefox/150.0' };

async function openAccount(browser: BrowserContext): Promise<Page> {
  const page = await browser.newPage();
  await page.goto('/account');
  await expect(sessionsOn(page).first()).toBeVisible();
  return page;
}

/** Signs in by the form, and looks at the list. */
async function signIn(browser: BrowserContext, person: SignedIn): Promise<Page> {
  const page = await browser.newPage();
  await page.goto('/sign-in');
  await signInForm(page).signIn(person);
  await expect(consoleOn(page).connection).toHaveText('Live');
  return page;
}

function sessionsOn(page: Page): Locator {
  return page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
}

/** The form of a new password, on the account. */
async function openPasswordForm(page: Page) {
  await page.getByRole('button', { name: 'Change the password' }).click();
  const password = page.getByLabel('New password', { exact: true });
  await expect(password).toBeFocused();
  return { password, submit: page.getByRole('button', { name: 'Change the password' }) };
}

test('38. changing the password asks first whether it is still the same person; whoever declines keeps what they typed', async ({
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Asked Before');
  const page = await openAccount(await openBrowser(person));
  await sessions.provedAgo(person, 20);
  const { password, submit } = await openPasswordForm(page);
  await password.fill('seven herons under a bridge');
  await submit.click();
  await expect(confirmation(page).getByLabel('Password', { exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(confirmation(page)).toBeHidden();
  await expect(password).toHaveValue('seven herons under a bridge');

  await submit.click();
  await confirmation(page).getByLabel('Password', { exact: true }).fill(person.password);
  await page.keyboard.press('Enter');
  await expect(consoleOn(page).confirmations).toContainText('Your password is changed');
  await expect(password).toBeHidden();
});

test('30. a changed password ends all other sessions at once and keeps this one; the old password lets nobody in any more', async ({
  people,
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('New Words');
  await people.create('Seen Elsewhere');
  const page = await openAccount(await openBrowser(person));
  const elsewhere = await signIn(await openBrowser(undefined), person);
  await openConsole(elsewhere, people.filter);
  const { password, submit } = await openPasswordForm(page);
  await password.fill('seven herons under a bridge');
  await submit.click();

  await expectSignInPage(elsewhere);
  await expect(elsewhere.getByText('Seen Elsewhere')).toHaveCount(0);
  await expect(sessionsOn(page)).toHaveCount(1);
  await expect(sessionsOn(page)).toContainText('This one');
  expect(await sessions.count(person)).toBe(1);
  const form = signInForm(elsewhere);
  await form.signIn(person);
  await expect(form.problem).toBeVisible();
  await form.signIn({ ...person, password: 'seven herons under a bridge' });
  await expect(consoleOn(elsewhere).connection).toHaveText('Live');
});

test('a password that cannot be used is said on its field, which keeps it; what is said goes once it is not true any more', async ({
  invite,
  openBrowser,
}) => {
  const person = await invite('Wanda Weak');
  const page = await openAccount(await openBrowser(person));
  const { password, submit } = await openPasswordForm(page);
  for (const [typed, words] of [
    ['', 'Enter a password of at least 15 characters'],
    ['short', 'this has 5'],
    ['passwordpassword', 'attackers try first'],
    ['abcabcabcabcabcabc', 'attackers try first'],
    ['wanda.weak.1234567890', 'name or email address alone'],
  ] as const) {
    await password.fill(typed);
    await submit.click();
    await expect(password).toHaveAccessibleDescription(new RegExp(words));
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    await expect(password).toHaveValue(typed);
    await expect(password).toBeFocused();
  }
  await password.press('End');
  await password.pressSequentially(' by the sea');
  await expect(password).toHaveAccessibleDescription('Long enough');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await submit.click();
  await expect(consoleOn(page).confirmations).toContainText('Your password is changed');
});

test('the sessions are listed with device and place; one that is ended there is signed out at once', async ({
  people,
  invite,
  openBrowser,
}) => {
  const person = await invite('Two Browsers');
  const here = await signIn(await openBrowser(undefined, chromeOnLinux), person);
  await here.goto('/account');
  const elsewhere = await signIn(await openBrowser(undefined, firefoxOnWindows), person);
  await openConsole(elsewhere, people.filter);
  await here.reload();
  const own = sessionsOn(here).filter({ hasText: 'This one' });
  await expect(own).toContainText('Chrome on Linux');
  await expect(own).toContainText('Signed in with a password');
  const other = sessionsOn(here).filter({ hasText: 'Firefox on Windows' });
  await expect(other).toContainText(/\d+\.\d+\.\d+\.\d+/);
  await expect(other).toContainText('Active just now');

  await other.getByRole('button', { name: /^Sign out of Firefox on Windows/ }).click();
  await expectSignInPage(elsewhere);
  await expect(elsewhere.getByText('Your session has ended')).toBeVisible();
  await expect(other).toHaveCount(0);
  await expect(own).toBeVisible();
});

test('all other sessions are ended at once, and this one goes on', async ({ invite, sessions, openBrowser }) => {
  const person = await invite('Everywhere Else');
  const page = await openAccount(await openBrowser(person));
  const others = [
    await signIn(await openBrowser(undefined), person),
    await signIn(await openBrowser(undefined), person),
  ];
  await page.reload();
  await page.getByRole('button', { name: 'Sign out of 2 others' }).click();
  for (const other of others) await expectSignInPage(other);
  await expect(consoleOn(page).confirmations).toContainText('2 sessions are ended');
  await expect(sessionsOn(page)).toHaveCount(1);
  await expect(page.getByRole('button', { name: /others$/ })).toHaveCount(0);
  expect(await sessions.count(person)).toBe(1);
});

test('one may sign out of this session in the list, as in the menu', async ({ invite, sessions, openBrowser }) => {
  const person = await invite('Ends Here');
  const page = await openAccount(await openBrowser(person));
  await sessionsOn(page).getByRole('button', { name: 'Sign out here' }).click();
  await expectSignInPage(page);
  expect(await sessions.count(person)).toBe(0);
});

for (const look of [
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 375, height: 812 } },
  { name: 'dark and narrow', colorScheme: 'dark', viewport: { width: 375, height: 812 } },
] as const) {
  test(`the account has no fault that axe finds, and nothing beyond its edge, ${look.name}`, async ({
    invite,
    openBrowser,
  }) => {
    test.slow();
    const person = await invite('Axe Person With A Name That Is Rather Long', UserRole.ADMIN);
    const page = await openAccount(await openBrowser(person, { ...look, reducedMotion: 'reduce' }));
    await addAuthenticator(page);
    await expectNoFaults(page, 'account');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const passkeys = page.getByRole('list', { name: 'Passkeys' });
    await passkeys.getByRole('button', { name: /^Remove/ }).click();
    await expect(passkeys.getByRole('alertdialog')).toBeVisible();
    const { submit } = await openPasswordForm(page);
    await submit.click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectNoFaults(page, 'password with a fault, passkey in question');
    await passkeys.getByRole('button', { name: 'Cancel' }).click();
    await passkeys.getByRole('button', { name: /^Rename/ }).click();
    await expectNoFaults(page, 'passkey being renamed');
    await expectNothingBeyondEdge(page);
  });
}
