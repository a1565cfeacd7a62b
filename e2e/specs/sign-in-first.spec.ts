import { expect, type Page } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { askHost } from '@roster/stack/host-program';
import { choose, consoleOn, fieldOf, openConsole } from '../src/console.ts';
import { expectSignInPage, nobody, signInForm } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const test = testSignIn();

// Nobody is an admin at first, and the tests go on from what the one before has left.
test.describe.configure({ mode: 'serial' });

const ada = { name: 'Ada First', email: 'ada.first@example.org', password: 'seven herons under a bridge' };
let usedLink = '';
let newerLink = '';

test.describe('before anybody can sign in', () => {
  test.use({ storageState: nobody });

  test('26. without a link nobody gets in, and the page says plainly how to get one', async ({ page, stack }) => {
    await page.goto('/users');
    await expect(page.getByRole('heading', { name: 'There is no admin yet' })).toBeVisible();
    await expect(page.getByText(`npx pnpm@12 -s roster setup link --url ${stack.url}`)).toBeVisible();
    await expect(page.getByRole('textbox')).toHaveCount(0);
    await page.goto('/setup#not-a-secret-of-ours');
    await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
  });

  test('the first admin is made by the link: its secret leaves the address at once, and what is wrong is said on its field', async ({
    page,
    stack,
  }) => {
    usedLink = await askHost(stack.databaseUrl, ['admin', 'recover']);
    await page.goto(usedLink);
    await expect(page).toHaveURL('/setup');
    await expect(page.getByRole('heading', { name: 'Set up Roster' })).toBeVisible();
    await expect(page.getByText(/This link works once, until/)).toBeVisible();
    const make = page.getByRole('button', { name: 'Make the first admin' });
    await make.click();
    const main = page.getByRole('main');
    await expect(fieldOf(main, 'Name')).toBeFocused();
    for (const field of ['Name', 'Email', 'Password'])
      await expect(page.getByLabel(field, { exact: true })).toHaveAttribute('aria-invalid', 'true');

    await fieldOf(main, 'Name').fill(ada.name);
    await fieldOf(main, 'Email').fill(ada.email);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('short');
    await expect(page.getByText('5 of at least 15 characters')).toBeVisible();
    await make.click();
    await expect(password).toBeFocused();
    await expect(page.getByRole('alert')).toHaveText(/15 characters/);
    await password.fill('passwordpassword');
    await make.click();
    await expect(page.getByRole('alert')).toHaveText(/attackers try first/);
    await password.fill(ada.password);
    await make.click();
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(consoleOn(page).connection).toHaveText('Live');
    await expect(
      page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: ada.name }),
    ).toContainText('Admin');
    expect(await page.evaluate(() => history.length)).toBeGreaterThan(0);
    const addresses = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    expect(addresses.join()).not.toContain(usedLink.split('#')[1]);
  });

  test('27. a link that was used says so, and what to do', async ({ page }) => {
    await page.goto(usedLink);
    await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
    await page.getByRole('link', { name: 'sign in' }).click();
    await expectSignInPage(page);
    await signInForm(page).signIn(ada);
    await expect(consoleOn(page).connection).toHaveText('Live');
  });

  test('27. a set-up link that nobody has used is as dead once there is an admin', async ({ page, database }) => {
    await database.query('update one_time_links set ended_at = null where user_id is null');
    await page.goto(usedLink);
    await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
  });
});

test.describe('with an admin', () => {
  test.use({ storageState: nobody });

  async function signedIn(page: Page): Promise<void> {
    await page.goto('/users');
    await signInForm(page).signIn(ada);
    await expect(consoleOn(page).connection).toHaveText('Live');
  }

  test('an invitation is made on the panel, shown once, and lets its person set a password and in', async ({
    page,
    openBrowser,
  }) => {
    await signedIn(page);
    const view = consoleOn(page);
    const panel = await view.openNew();
    await fieldOf(panel, 'Name').fill('Ivo Invited');
    await fieldOf(panel, 'Email').fill('ivo@example.org');
    await choose(panel, 'Role', 'Editor');
    await panel.getByRole('button', { name: 'Create user' }).click();
    await expect(panel.getByText('Cannot sign in')).toBeVisible();
    await panel.getByRole('button', { name: 'Invite', exact: true }).click();
    await expect(panel.getByText('No mail was sent')).toBeVisible();
    const invitation = panel.getByRole('textbox', { name: 'Invitation' });
    await expect(panel.getByText('Invited, and not here yet')).toBeVisible();
    // A link is for the address that it was made for.
    await fieldOf(panel, 'Email').fill('ivo.invited@example.org');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(invitation).toHaveCount(0);
    await expect(panel.getByText('Cannot sign in')).toBeVisible();
    await panel.getByRole('button', { name: 'Invite', exact: true }).click();
    await expect(panel.getByText('Invited, and not here yet')).toBeVisible();
    const link = await invitation.inputValue();

    const guest = await (await openBrowser(undefined)).newPage();
    await guest.goto(link);
    await expect(guest).toHaveURL('/accept');
    await expect(guest.getByRole('heading', { name: 'Welcome to Roster' })).toBeVisible();
    await expect(guest.getByText('ivo.invited@example.org')).toBeVisible();
    await guest.getByLabel('Password', { exact: true }).fill('a lamp of green glass');
    await guest.getByRole('button', { name: 'Set the password and sign in' }).click();
    await guest.getByRole('button', { name: 'Not now' }).click();
    await expect(consoleOn(guest).connection).toHaveText('Live');
    await expect(
      guest.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Ivo Invited' }),
    ).toBeVisible();

    // The panel that is open finds out that he can sign in, and one that is opened again has no link either.
    await expect(panel.getByText('With a password')).toBeVisible({ timeout: 30_000 });
    await expect(invitation).toHaveCount(0);
    await panel.getByRole('button', { name: 'Close' }).click();
    await view.open('Ivo Invited');
    await expect(panel.getByText('With a password')).toBeVisible();
    await expect(invitation).toHaveCount(0);
  });

  test('a new link for who can sign in is asked for twice, and the one before it dies', async ({
    page,
    openBrowser,
  }) => {
    await signedIn(page);
    const view = consoleOn(page);
    const panel = await view.open('Ivo Invited');
    const make = async () => {
      await panel.getByRole('button', { name: 'New link…' }).click();
      await panel.getByRole('alertdialog').getByRole('button', { name: 'Make the link' }).click();
      return panel.getByRole('textbox', { name: 'Link to get back in' }).inputValue();
    };
    const first = await make();
    await page.reload();
    newerLink = await make();
    const guest = await (await openBrowser(undefined)).newPage();
    await guest.goto(first);
    await expect(guest.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
    // On the page that is open, another link takes its place.
    await guest.goto(newerLink);
    await expect(guest.getByRole('heading', { name: 'Set a new password' })).toBeVisible();
    await expect(guest.getByText('Passkeys of before are removed')).toBeVisible();
  });

  test('a link whose time is over says so, also where the form was open already', async ({ page, database }) => {
    await page.goto(newerLink);
    await page.getByLabel('New password', { exact: true }).fill('a lamp of blue glass');
    await database.query(`update one_time_links set expires_at = now() - interval '1 second' where ended_at is null`);
    await page.getByRole('button', { name: 'Set the password and sign in' }).click();
    await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
    await expect(page.getByText('ask whoever sent it')).toBeVisible();
  });

  test('a page that was loaded anew has no secret any more, and says how to go on', async ({
    page,
    stack,
    openBrowser,
  }) => {
    const link = await askHost(stack.databaseUrl, ['admin', 'recover', '--email', ada.email]);
    await page.goto(link);
    await expect(page.getByRole('heading', { name: 'Set a new password' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Open your link again' })).toBeVisible();
    expect(
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])),
    ).not.toContain(link.split('#')[1]);
    await page.goto(link);
    await page.getByLabel('New password', { exact: true }).fill('eight herons under a bridge');
    await page.getByRole('button', { name: 'Set the password and sign in' }).click();
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(consoleOn(page).connection).toHaveText('Live');

    const other = await (await openBrowser(undefined)).newPage();
    await other.goto('/sign-in');
    await signInForm(other).signIn(ada);
    await expect(signInForm(other).problem).toBeVisible();
  });

  test('a link that somebody opens in a browser where another person is signed in brings its own person in', async ({
    api,
    stack,
    invite,
    openBrowser,
    people,
  }) => {
    const other = await invite('Was Here First', UserRole.VIEWER);
    const created = await people.create('Came By Link');
    expect(created.id).not.toBe('');
    const page = await (await openBrowser(other)).newPage();
    await openConsole(page, people.filter);
    const link = await askHost(stack.databaseUrl, ['admin', 'recover', '--email', ada.email]);
    await page.goto(link);
    await page.getByLabel('New password', { exact: true }).fill('nine herons under a bridge');
    await page.getByRole('button', { name: 'Set the password and sign in' }).click();
    await expect(
      page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: ada.name }),
    ).toBeVisible();
    await expect(page).toHaveURL('/users');
    expect((await api.list(people.filter)).length).toBeGreaterThan(0);
  });
});
