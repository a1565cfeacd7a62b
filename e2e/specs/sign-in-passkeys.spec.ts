import { expect } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { choose, consoleOn, openConsole } from '../src/console.ts';
import { addPasskey, offerNoPasskeys } from '../src/sign-in-authenticator.ts';
import { confirmation, expectSignInPage, signInForm, signOut } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const test = testSignIn();

test('a passkey is added on the account, signs in alone, is renamed and removed', async ({ invite, openBrowser }) => {
  const person = await invite('Pass Key');
  const page = await (await openBrowser(person)).newPage();
  await offerNoPasskeys(page);
  const authenticator = await addPasskey(page);
  const list = page.getByRole('list', { name: 'Passkeys' });
  expect(await authenticator.count()).toBe(1);

  await list.getByRole('button', { name: /^Rename/ }).click();
  await list.getByRole('textbox', { name: 'Name' }).fill('The blue key <b>');
  await list.getByRole('textbox', { name: 'Name' }).press('Enter');
  await expect(list.getByText('The blue key <b>', { exact: true })).toBeVisible();

  await signOut(page, 'Pass Key');
  await signInForm(page).passkey.click();
  await expect(consoleOn(page).connection).toHaveText('Live');

  await page.goto('/account');
  await list.getByRole('button', { name: 'Remove The blue key <b>' }).click();
  const question = page.getByRole('alertdialog', { name: 'Remove “The blue key <b>”?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await question.getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(page.getByText('You have none yet.')).toBeVisible();
});

test('with a passkey the password alone lets nobody in: the passkey is asked for as well', async ({
  invite,
  openBrowser,
}) => {
  const person = await invite('Both Of Them');
  const page = await (await openBrowser(person)).newPage();
  await offerNoPasskeys(page);
  const authenticator = await addPasskey(page);
  await authenticator.setPresent(false);
  await signOut(page, 'Both Of Them');

  const form = signInForm(page);
  await form.signIn(person);
  await expect(page.getByRole('status')).toContainText('Your password is right');
  await expect(page.getByRole('button', { name: 'Waiting for your passkey' })).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await expectSignInPage(page);
  await authenticator.setPresent(true);
  await form.signIn(person);
  await expect(consoleOn(page).connection).toHaveText('Live');

  // Without the device nobody gets in, and can go back.
  await signOut(page, 'Both Of Them');
  await authenticator.remove();
  await form.signIn(person);
  await expect(page.getByRole('status')).toContainText('Your password is right');
  await page.getByRole('button', { name: 'Back' }).click();
  await expectSignInPage(page);
});

test('a session that has lasted its twelve hours goes on for twelve more after a sign-in with a passkey', async ({
  people,
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Twelve By Key');
  await people.create('Seen All Day');
  const page = await (await openBrowser(person)).newPage();
  await offerNoPasskeys(page);
  await addPasskey(page);
  await sessions.begunAgo(person, 12 * 60 - 1.5);
  const view = await openConsole(page, people.filter);
  await page
    .getByRole('dialog', { name: /^You will be signed out in/ })
    .getByRole('button', { name: 'Sign in again' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await signInForm(dialog).passkey.click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(view.row('Seen All Day')).toBeVisible();
  await expect(view.connection).toHaveText('Live');
  expect(await sessions.count(person)).toBe(1);
});

test('the browser offers a passkey where the email is filled in, and picking it signs in', async ({
  invite,
  openBrowser,
}) => {
  const person = await invite('Offered Key');
  const page = await (await openBrowser(person)).newPage();
  const authenticator = await addPasskey(page);
  await authenticator.setPresent(false);
  await signOut(page, 'Offered Key');
  const { promise: looked, resolve: look } = Promise.withResolvers<void>();
  await page.route('**/FinishPasskeySignIn', async (route) => {
    await looked;
    await route.continue();
  });
  // To a browser without hands, somebody who touches the key has picked it.
  await authenticator.setPresent(true);
  await page.reload();
  // While the server looks at it nothing else can be begun, which would end the session that is about to be.
  await expect(page.getByRole('button', { name: 'Signing in' })).toHaveAttribute('aria-disabled', 'true');
  await expect(signInForm(page).passkey).toHaveAttribute('aria-disabled', 'true');
  look();
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('a passkey that the server does not know any more is told so, and the password still lets in', async ({
  invite,
  database,
  openBrowser,
}) => {
  const person = await invite('Forgotten Key');
  const page = await (await openBrowser(person)).newPage();
  await offerNoPasskeys(page);
  const authenticator = await addPasskey(page);
  await signOut(page, 'Forgotten Key');
  await database.query('delete from passkeys where user_id = $1', [person.id]);
  const form = signInForm(page);
  await form.passkey.click();
  await expect(form.problem).toBeVisible();
  await authenticator.remove();
  await form.signIn(person);
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('38. a passkey confirms that it is still the same person', async ({
  people,
  invite,
  sessions,
  openBrowser,
  api,
}) => {
  const person = await invite('Confirms By Key');
  const user = await people.create('Rises By Key');
  const page = await (await openBrowser(person)).newPage();
  await addPasskey(page);
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Rises By Key');
  await sessions.provedAgo(person, 20);
  await choose(panel, 'Role', 'Editor');
  await panel.getByRole('button', { name: 'Save' }).click();
  await signInForm(confirmation(page)).passkey.click();
  await expect(view.confirmations).toContainText('Saved 1 change');
  expect((await api.get(user.id)).role).toBe(UserRole.EDITOR);
  expect(await sessions.count(person)).toBe(1);
});
