import { expect } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { consoleOn, fieldOf, openConsole } from '../src/console.ts';
import { expectSignInPage, openPersonMenu, signInForm, signOut } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const test = testSignIn();

test('who is not signed in sees how to sign in and nothing else, and nothing of the console is asked for', async ({
  people,
  openBrowser,
}) => {
  await people.create('Nobody Sees Me');
  const page = await (await openBrowser(undefined)).newPage();
  const called: string[] = [];
  page.on('request', (request) => called.push(request.url()));
  await page.goto(`/users?filter=${people.filter}`);
  await expectSignInPage(page);
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByText('Nobody Sees Me')).toHaveCount(0);
  const methods = called.flatMap((url) => /\/(\w+\.[\w.]+)\/(\w+)$/.exec(url)?.[2] ?? []);
  expect(new Set(methods)).toEqual(new Set(['GetSession', 'GetSignInOptions', 'BeginPasskeySignIn']));
});

test('signing in with email and password leads back to the place that one came from @smoke', async ({
  people,
  invite,
  openBrowser,
}) => {
  const person = await invite('Pass Word');
  const { id } = await people.create('Found Again');
  const page = await (await openBrowser(undefined)).newPage();
  const place = `/users?filter=${people.filter}&user=${id}`;
  await page.goto(place);
  await expectSignInPage(page);
  await signInForm(page).signIn(person);
  const view = consoleOn(page);
  await expect(view.panel.getByRole('heading', { name: 'Found Again' })).toBeVisible();
  await expect(view.connection).toHaveText('Live');
  await expect(page).toHaveURL(place);
  await expect(
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Pass Word' }),
  ).toContainText('Editor');
});

test('a wrong password and an unknown person are told in the same words; the email stays, and the right password lets in', async ({
  people,
  invite,
  openBrowser,
}) => {
  const person = await invite('Mis Typed');
  const page = await (await openBrowser(undefined)).newPage();
  await page.goto('/sign-in');
  const form = signInForm(page);
  await form.signIn({ email: people.email(), password: 'not the password of anybody' });
  const words = await form.problem.textContent();
  await form.signIn({ email: person.email, password: 'not the password of anybody' });
  await expect(form.problem).toHaveText(words ?? '');
  await expect(form.email).toHaveValue(person.email);
  await expect(form.password).toBeFocused();
  await form.password.fill(person.password);
  await form.password.press('Enter');
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('who guesses too often must wait, sees for how long, and may go on after it', async ({ invite, openBrowser }) => {
  test.slow();
  const person = await invite('Too Often');
  const page = await (await openBrowser(undefined)).newPage();
  await page.goto('/sign-in');
  const form = signInForm(page);
  await expect(async () => {
    await form.signIn({ email: person.email, password: 'one guess of many, all of them wrong' });
    await expect(form.submit).toHaveText(/^Wait \d+ s$/, { timeout: 500 });
  }).toPass({ timeout: 60_000, intervals: [0] });
  await expect(form.submit).toBeDisabled();
  await expect(form.problem).toContainText(/attempts/);
  await expect(form.submit).toHaveText('Sign in', { timeout: 60_000 });
  await expect(page.getByRole('status')).toContainText('You can try again now');
  await form.password.fill(person.password);
  await form.submit.click();
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('31. signing out in one tab clears all of them at once, and Back shows nothing in any', async ({
  people,
  invite,
  openBrowser,
}) => {
  const person = await invite('Two Tabs');
  await people.create('Gone From Sight');
  const browser = await openBrowser(person);
  const [one, two] = [await browser.newPage(), await browser.newPage()];
  for (const page of [one, two]) {
    const view = await openConsole(page, people.filter);
    await view.open('Gone From Sight');
  }
  await fieldOf(consoleOn(two).panel, 'Name').fill('Half Typed In The Other Tab');

  await signOut(one, 'Two Tabs');
  await expectSignInPage(two);
  await expect(one.getByText('You are signed out.')).toBeVisible();
  for (const page of [one, two]) {
    await expect(page.getByText('Gone From Sight')).toHaveCount(0);
    await page.goBack();
    await expectSignInPage(page);
    await expect(page.getByText('Gone From Sight')).toHaveCount(0);
    expect(await page.evaluate(() => document.body.textContent)).not.toContain('Half Typed');
  }

  await signInForm(two).signIn(person);
  await expect(consoleOn(two).connection).toHaveText('Live');
  const again = await openConsole(two, people.filter);
  await expect(fieldOf(await again.open('Gone From Sight'), 'Name')).toHaveValue('Gone From Sight');
});

test('signing out asks where something is not saved, and then leaves nothing of it behind', async ({
  people,
  invite,
  openBrowser,
}) => {
  const person = await invite('Leaves Drafts');
  await people.create('Half Edited');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  await fieldOf(await view.open('Half Edited'), 'Name').fill('Never To Be Seen Again');
  const menu = await openPersonMenu(page, 'Leaves Drafts');
  await menu.getByRole('button', { name: 'Sign out' }).click();
  const question = menu.getByRole('alertdialog', { name: 'Sign out and lose what is not saved?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toHaveCount(0);

  // The form is not on screen any more, but what was typed into it is kept.
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out here' }).click();
  const again = page.getByRole('alertdialog', { name: 'Sign out and lose what is not saved?' });
  await again.getByRole('button', { name: 'Sign out' }).click();
  await expectSignInPage(page);
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('Never To Be Seen');
});

test('31. a page that comes out of the browser’s memory after a sign-out elsewhere shows nothing', async ({
  people,
  invite,
  openBrowser,
}) => {
  const person = await invite('Out Of Memory');
  await people.create('Remembered By None');
  const browser = await openBrowser(person);
  const page = await browser.newPage();
  const view = await openConsole(page, people.filter);
  await expect(view.row('Remembered By None')).toBeVisible();
  // As the browser tells a page that it has kept and shows again: what is on it then must be seen by nobody before the server has answered.
  await page.route('**/GetSession', async (route) => {
    await released.promise;
    await route.continue();
  });
  const released = Promise.withResolvers<void>();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(view.row('Remembered By None')).toBeHidden();
  await browser.clearCookies();
  released.resolve();
  await expectSignInPage(page);
});

test('a page out of the browser’s memory says what it waits for, also where the server is away, and then is as it was', async ({
  people,
  invite,
  openBrowser,
}) => {
  await people.create('Seen Before And After');
  const page = await (await openBrowser(await invite('Comes Back'))).newPage();
  const view = await openConsole(page, people.filter);
  await expect(view.row('Seen Before And After')).toBeVisible();
  const title = await page.title();
  await page.route('**/GetSession', async (route) => {
    await released.promise;
    await route.abort();
  });
  const released = Promise.withResolvers<void>();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(page.getByText('Opening Roster')).toBeVisible();
  released.resolve();
  await expect(page.getByRole('alert')).toContainText('The server cannot be reached');
  await expect(view.row('Seen Before And After')).toBeHidden();
  await page.unroute('**/GetSession');
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(view.row('Seen Before And After')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page).toHaveTitle(title);
});

test('a new sign-in is a new session: the cookie is another, and no storage of the page holds it', async ({
  invite,
  openBrowser,
}) => {
  const person = await invite('New Session');
  const browser = await openBrowser(person);
  const page = await browser.newPage();
  await openConsole(page);
  await signOut(page, 'New Session');
  await signInForm(page).signIn(person);
  await expect(consoleOn(page).connection).toHaveText('Live');
  const cookie = (await browser.cookies()).find(({ name }) => name === person.cookie.name);
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict' });
  expect(cookie?.value).not.toBe(person.cookie.value);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).not.toContain(cookie?.value);
  expect(kept).not.toContain(person.password);
});

test('the menu of the person leads to the account and, where one may have them, to the tokens', async ({
  invite,
  openBrowser,
}) => {
  const [editor, viewer] = [await invite('May Have Tokens'), await invite('May Not', UserRole.VIEWER)];
  const page = await (await openBrowser(editor)).newPage();
  await openConsole(page);
  const menu = await openPersonMenu(page, 'May Have Tokens');
  await expect(menu).toContainText(editor.email);
  await menu.getByRole('link', { name: 'API tokens' }).click();
  await expect(page.getByRole('heading', { name: 'API tokens' })).toBeVisible();

  const other = await (await openBrowser(viewer)).newPage();
  await openConsole(other);
  const poorer = await openPersonMenu(other, 'May Not');
  await expect(poorer.getByRole('link', { name: 'Account' })).toBeVisible();
  await expect(poorer.getByRole('link', { name: 'API tokens' })).toHaveCount(0);
});
