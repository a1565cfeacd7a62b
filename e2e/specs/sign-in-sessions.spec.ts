import { expect, type Route } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { choose, fieldOf, openConsole } from '../src/console.ts';
import { confirmation, expectSignInPage, signInForm } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const test = testSignIn();

test('a session that ends in the middle of an edit keeps the form: signing in saves it, and the list goes on', async ({
  people,
  api,
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Mid Edit');
  const user = await people.create('Being Edited');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Being Edited');
  await fieldOf(panel, 'Name').fill('Edited By Mid');
  await sessions.idleFor(person, 31);
  await panel.getByRole('button', { name: 'Save' }).click();

  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await expect(dialog).toBeVisible();
  // What lies beneath is kept, and seen by nobody.
  await expect(view.grid).toBeHidden();
  // The browser asks a page only once or twice before it closes a dialog by itself.
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  const form = signInForm(dialog);
  await expect(form.email).toHaveValue(person.email);
  await form.signIn(person);
  await expect(dialog).toBeHidden();
  await expect(view.confirmations).toContainText('Saved 1 change');
  expect((await api.get(user.id)).name).toBe('Edited By Mid');
  await expect(view.connection).toHaveText('Live');
  await api.update(user.id, { name: 'Changed After It' }, ['name']);
  await expect(view.row('Changed After It')).toBeVisible();
});

test('a link that is shown this once is still there after a session that has ended meanwhile', async ({
  people,
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Made A Link');
  await people.create('To Be Invited');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('To Be Invited');
  const making = panel.getByRole('button', { name: 'Invite', exact: true });
  await expect(making).toBeVisible();
  // It ends between the making and what is read behind it.
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const readOn = async (route: Route) => {
    await ended;
    await route.continue();
  };
  await page.route('**/BatchGetSignInStates', readOn, { times: 1 });
  await making.click();
  const link = panel.getByRole('textbox', { name: 'Invitation' });
  const text = await link.inputValue();
  await sessions.idleFor(person, 31);
  end();
  await signInForm(page.getByRole('dialog', { name: 'Your session has ended' })).signIn(person);
  await expect(link).toHaveValue(text);
});

test('a session that ends while nothing is being done gives way to the sign-in page, and leads back', async ({
  people,
  invite,
  sessions,
  openBrowser,
  api,
}) => {
  const person = await invite('Idle Person');
  const user = await people.create('Out Of Reach');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  await expect(view.row('Out Of Reach')).toBeVisible();
  await sessions.idleFor(person, 31);
  // The open feed has no rights any more, and the server ends it.
  await expectSignInPageSoon();
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await expect(page.getByText('Out Of Reach')).toHaveCount(0);
  await api.update(user.id, { name: 'Changed Meanwhile' }, ['name']);
  await signInForm(page).signIn(person);
  await expect(view.row('Changed Meanwhile')).toBeVisible();
  await expect(view.filterBox).toHaveValue(people.filter);

  async function expectSignInPageSoon(): Promise<void> {
    await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible({ timeout: 40_000 });
  }
});

test('another person who signs in after a session has ended is not led to the place of the first', async ({
  invite,
  sessions,
  openBrowser,
}) => {
  const [first, second] = [await invite('Was There'), await invite('Comes After')];
  const page = await (await openBrowser(first)).newPage();
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await sessions.idleFor(first, 31);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expectSignInPage(page);
  await signInForm(page).signIn(second);
  await expect(page).toHaveURL('/users');
});

test('another person who signs in over the page of the first gets a page of their own, and never the first one’s input', async ({
  people,
  api,
  invite,
  sessions,
  openBrowser,
}) => {
  const [first, second] = [await invite('First Person'), await invite('Second Person')];
  const user = await people.create('Of Both');
  const page = await (await openBrowser(first)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Of Both');
  await fieldOf(panel, 'Name').fill('Typed By First');
  await sessions.idleFor(first, 31);
  await panel.getByRole('button', { name: 'Save' }).click();
  await signInForm(page.getByRole('dialog', { name: 'Your session has ended' })).signIn(second);

  await expect(
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Second Person' }),
  ).toBeVisible();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Of Both');
  expect((await api.get(user.id)).name).toBe('Of Both');
});

test('one may leave instead of signing in again; nothing is saved', async ({
  people,
  api,
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Leaves Instead');
  const user = await people.create('Left Alone');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Left Alone');
  await fieldOf(panel, 'Name').fill('Never Saved');
  await sessions.idleFor(person, 31);
  await panel.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByRole('button', { name: 'Leave instead' }).click();
  await dialog.getByRole('button', { name: 'Leave without saving' }).click();
  await expectSignInPage(page);
  expect((await api.get(user.id)).name).toBe('Left Alone');
});

test('who is demoted while editing is told, keeps what they typed, and cannot save it; the list stays live', async ({
  people,
  api,
  invite,
  openBrowser,
}) => {
  const person = await invite('De Moted');
  const user = await people.create('Not Saved');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Not Saved');
  await fieldOf(panel, 'Name').fill('Typed Before');
  await api.update(person.id, { role: UserRole.VIEWER }, ['role']);

  await expect(panel.getByText('your role does not let you change them')).toBeVisible();
  await expect(panel.getByRole('alert')).toContainText('You may not save this any more');
  await expect(fieldOf(panel, 'Name')).toHaveValue('Typed Before');
  await expect(panel.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'New user' })).toHaveCount(0);
  await expect(
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'De Moted' }),
  ).toContainText('Viewer');
  await expect(view.connection).toHaveText('Live');
  // The rows keep still under unsaved input; that one came is said.
  await people.create('Still Live');
  await expect(view.arrivals).toHaveText('1 new');

  await api.update(person.id, { role: UserRole.EDITOR }, ['role']);
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(view.confirmations).toContainText('Saved 1 change');
  expect((await api.get(user.id)).name).toBe('Typed Before');
});

test('who is suspended while editing sees nothing any more', async ({ people, api, invite, openBrowser }) => {
  const person = await invite('Sus Pended Editor');
  await people.create('Not For Them');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  await expect(view.row('Not For Them')).toBeVisible();
  await api.update(person.id, { state: 2 }, ['state']);
  await expectSignInPage(page);
  await expect(page.getByText('Not For Them')).toHaveCount(0);
});

test('38. a change of role asks first whether it is still the same person, and then goes through by itself', async ({
  people,
  api,
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Asked Again');
  const user = await people.create('Rises');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Rises');
  await sessions.provedAgo(person, 20);
  await choose(panel, 'Role', 'Editor');
  await panel.getByRole('button', { name: 'Save' }).click();
  const dialog = confirmation(page);
  await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused();

  // Declining leaves the form as it was, and says nothing.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(panel.getByText('1 change', { exact: true })).toBeVisible();
  await expect(panel.getByRole('alert')).toHaveCount(0);
  expect((await api.get(user.id)).role).toBe(UserRole.VIEWER);

  await panel.getByRole('button', { name: 'Save' }).click();
  await dialog.getByLabel('Password', { exact: true }).fill('not the right one, by far');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(person.password);
  await dialog.getByLabel('Password', { exact: true }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(view.confirmations).toContainText('Saved 1 change');
  expect((await api.get(user.id)).role).toBe(UserRole.EDITOR);
  // Once is enough for a while.
  await choose(panel, 'Role', 'Viewer');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await api.get(user.id)).role).toBe(UserRole.VIEWER);
});

test('a session that is about to end says so; staying puts the end off, in all tabs', async ({
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('About To End');
  await sessions.idleFor(person, 28.5);
  const browser = await openBrowser(person);
  const [one, two] = [await browser.newPage(), await browser.newPage()];
  const dialogOf = (page: typeof one) => page.getByRole('dialog', { name: /^You will be signed out in/ });
  // Opening a list is doing something; the account's page is left alone here.
  for (const page of [one, two]) await page.route('**/userservice.v1.UserService/**', (route) => route.abort());
  for (const page of [one, two]) await page.goto('/no/such/page');
  for (const page of [one, two]) await expect(dialogOf(page)).toBeVisible();
  await expect(dialogOf(one).getByRole('button', { name: 'Stay signed in' })).toBeFocused();
  await dialogOf(one).getByRole('button', { name: 'Stay signed in' }).click();
  await expect(dialogOf(one)).toBeHidden();
  await expect(dialogOf(two)).toBeHidden();
});

test('a session that has lasted its twelve hours offers to sign in again, and then goes on', async ({
  people,
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Twelve Hours');
  await people.create('All Day Long');
  await sessions.begunAgo(person, 12 * 60 - 1.5);
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const ending = page.getByRole('dialog', { name: /^You will be signed out in/ });
  await expect(ending).toContainText('twelve hours');
  await ending.getByRole('button', { name: 'Sign in again' }).click();
  await signInForm(page.getByRole('dialog', { name: 'Sign in again' })).signIn(person);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(view.row('All Day Long')).toBeVisible();
  await expect(view.connection).toHaveText('Live');
});

test('signing out from the warning signs out', async ({ invite, sessions, openBrowser }) => {
  const person = await invite('Leaves At Once');
  await sessions.idleFor(person, 28.5);
  const page = await (await openBrowser(person)).newPage();
  await page.goto('/no/such/page');
  await page
    .getByRole('dialog', { name: /^You will be signed out in/ })
    .getByRole('button', { name: 'Sign out' })
    .click();
  await expectSignInPage(page);
  await expect.poll(() => sessions.count(person)).toBe(0);
});

test('an editor who looks at an admin, and a viewer who looks at anybody, can read everything and change nothing', async ({
  people,
  invite,
  openBrowser,
}) => {
  await people.create('An Admin', { role: UserRole.ADMIN });
  await people.create('A Viewer');
  for (const [role, whom, words] of [
    [UserRole.EDITOR, 'An Admin', 'Only admins may change an admin'],
    [UserRole.VIEWER, 'A Viewer', 'your role does not let you change them'],
  ] as const) {
    const person = await invite(`Looks At ${whom}`, role);
    const page = await (await openBrowser(person)).newPage();
    const view = await openConsole(page, people.filter);
    const panel = await view.open(whom);
    await expect(panel.getByText(words)).toBeVisible();
    await expect(fieldOf(panel, 'Name')).toHaveAttribute('readonly', '');
    await expect(panel.getByRole('button', { name: /\bRole\b/ })).toBeDisabled();
    await expect(panel.getByRole('button', { name: 'Actions' })).toHaveCount(0);
    await expect(panel.getByRole('button', { name: /Invite|New link/ })).toHaveCount(0);
  }
});

test('an editor is offered no role above their own', async ({ people, invite, openBrowser }) => {
  await people.create('Stays Below');
  const page = await (await openBrowser(await invite('Gives Roles'))).newPage();
  const panel = await (await openConsole(page, people.filter)).open('Stays Below');
  await panel.getByRole('button', { name: /\bRole\b/ }).click();
  await expect(page.getByRole('option')).toHaveText([/^Editor/, /^Viewer/]);
});

test('8. whoever takes rights away from themselves is asked a second time, and may think better of it', async ({
  people,
  api,
  invite,
  openBrowser,
}) => {
  const person = await invite('My Self', UserRole.ADMIN);
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('My Self');
  await choose(panel, 'Role', 'Viewer');
  await panel.getByRole('button', { name: 'Save' }).click();
  const question = panel.getByRole('alertdialog', { name: 'Take away rights of your own?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toHaveCount(0);
  await panel.getByRole('button', { name: 'Discard', exact: true }).click();
  expect((await api.get(person.id)).role).toBe(UserRole.ADMIN);

  await view.act('Suspend');
  const suspension = panel.getByRole('alertdialog', { name: 'Suspend yourself?' });
  await suspension.getByRole('button', { name: 'Suspend myself' }).click();
  await expectSignInPage(page);
  expect((await api.get(person.id)).state).toBe(2);
});
