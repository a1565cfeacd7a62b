import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import type { RpcError } from '@protobuf-ts/runtime-rpc';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expectNoFaults, expectNothingBeyondEdge } from '../src/accessibility.ts';
import { type Api, createApi } from '../src/api.ts';
import { choose, consoleOn, fieldOf } from '../src/console.ts';
import { confirmation, signInForm } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const test = testSignIn();

async function openTokens(browser: BrowserContext): Promise<Page> {
  const page = await browser.newPage();
  await page.goto('/tokens');
  await expect(page.getByRole('heading', { name: 'API tokens' })).toBeVisible();
  return page;
}

async function openForm(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'New token' }).click();
  const form = page.getByRole('dialog', { name: 'New token' });
  await expect(fieldOf(form, 'Name')).toBeFocused();
  return form;
}

/** Makes a token that may read users, and what `scopes` say besides; returns it as a program would send it. */
async function makeToken(page: Page, name: string, { role = 'Viewer', scopes = [] as readonly string[] } = {}) {
  const form = await openForm(page);
  await fieldOf(form, 'Name').fill(name);
  await choose(form, 'Role', role);
  for (const scope of scopes) await form.getByRole('checkbox', { name: scope }).check();
  await form.getByRole('button', { name: 'Create token' }).click();
  const made = page.getByRole('dialog', { name: 'Your new token' });
  const secret = await fieldOf(made, 'Token').inputValue();
  await made.getByRole('button', { name: 'Done' }).click();
  await expect(rowOf(page, name)).toBeVisible();
  return secret;
}

function rowOf(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
}

async function revoke(page: Page, name: string): Promise<void> {
  await rowOf(page, name)
    .getByRole('button', { name: `Revoke ${name}` })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke the token' }).click();
  await expect(consoleOn(page).confirmations).toContainText(`“${name}” is revoked`);
}

/** Follows the list as a program does, from its first message on; `end` settles with the code by which the stream ends. */
async function watchUsers({ client }: Api, filter: string): Promise<{ readonly end: Promise<string> }> {
  const request = ListUsersRequest.create({ filter, watch: true });
  const messages = client.listUsers(request, { meta: { 'x-roster-feed': '1' } }).responses[Symbol.asyncIterator]();
  expect((await messages.next()).done).toBe(false);
  const readOn = async () => {
    while (!(await messages.next()).done);
    return 'OK';
  };
  return { end: readOn().catch(({ code }: RpcError) => code) };
}

test('37. a token is made for what it may do, shown this once to be copied, and never again', async ({
  invite,
  openBrowser,
}) => {
  const browser = await openBrowser(await invite('Maker'));
  await browser.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await openTokens(browser);
  const form = await openForm(page);
  await fieldOf(form, 'Name').fill('Nightly <b>export</b>');
  await choose(form, 'Role', 'Editor');
  await form.getByRole('checkbox', { name: 'Change users' }).check();
  await choose(form, 'Expires in', '90 days');
  await form.getByRole('button', { name: 'Create token' }).click();

  const made = page.getByRole('dialog', { name: 'Your new token' });
  await expect(made).toContainText('shown this once');
  await expect(made).toContainText(/Nightly <b>export<\/b>.*Editor.*Read users, Change users/);
  const secret = await fieldOf(made, 'Token').inputValue();
  await made.getByRole('button', { name: 'Copy Token' }).click();
  await expect(made.getByRole('button', { name: 'Copied Token' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  // What cannot be shown again is not closed by a slip of the hand.
  await page.mouse.click(20, 400);
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
  await expect(fieldOf(made, 'Token')).toHaveValue(secret);
  await made.getByRole('button', { name: 'Done' }).click();

  const row = rowOf(page, 'Nightly <b>export</b>');
  await expect(row).toContainText('Editor');
  await expect(row).toContainText('Read users, Change users');
  const [, id, key = ''] = /^ua_([^_]+)_(.+)$/.exec(secret) ?? [];
  await expect(row).toContainText(`ua_${id}_…`);
  expect(await page.content()).not.toContain(key);
  await page.reload();
  await expect(row).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await page.content()).not.toContain(key);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]));
  expect(kept).not.toContain(key);
});

test('a token that is shown this once is still there after a session that has ended meanwhile', async ({
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Looks Away');
  const page = await openTokens(await openBrowser(person));
  const form = await openForm(page);
  await fieldOf(form, 'Name').fill('Not Yet Copied');
  await choose(form, 'Role', 'Viewer');
  await form.getByRole('button', { name: 'Create token' }).click();
  const secret = fieldOf(page.getByRole('dialog', { name: 'Your new token' }), 'Token');
  const text = await secret.inputValue();
  await sessions.idleFor(person, 31);
  // As a page that comes back out of the browser's memory: it asks at once who is signed in.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await signInForm(page.getByRole('dialog', { name: 'Your session has ended' })).signIn(person);
  await expect(secret).toHaveValue(text);
});

test('37. a token works for a program, within its role and scopes, and the list shows when it was used', async ({
  people,
  invite,
  openBrowser,
  baseURL,
}) => {
  const user = await people.create('Read By Program');
  const page = await openTokens(await openBrowser(await invite('Has A Program')));
  const reader = createApi(baseURL ?? '', await makeToken(page, 'Reader', { role: 'Editor' }));
  const viewer = createApi(baseURL ?? '', await makeToken(page, 'Viewer', { scopes: ['Change users'] }));
  await expect(rowOf(page, 'Reader')).toContainText('Never');

  expect((await reader.get(user.id)).name).toBe('Read By Program');
  const rename = (api: typeof reader) => api.update(user.id, { name: 'Changed' }, ['name']);
  await expect(rename(reader)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(rename(viewer)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await page.reload();
  await expect(rowOf(page, 'Reader')).toContainText(/just now/i);
  await expect(rowOf(page, 'Reader')).not.toContainText('Never');
});

test('30. a revoked token ends at once: its open stream, and every call after it', async ({
  people,
  invite,
  openBrowser,
  baseURL,
}) => {
  const user = await people.create('Watched By Program');
  const page = await openTokens(await openBrowser(await invite('Takes It Back')));
  const program = createApi(baseURL ?? '', await makeToken(page, 'Leaked'));
  const watch = await watchUsers(program, people.filter);

  await rowOf(page, 'Leaked').getByRole('button', { name: 'Revoke Leaked' }).click();
  const question = page.getByRole('alertdialog', { name: 'Revoke “Leaked”?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  expect((await program.get(user.id)).name).toBe('Watched By Program');

  await revoke(page, 'Leaked');
  expect(await watch.end).toBe('UNAUTHENTICATED');
  await expect(program.get(user.id)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(rowOf(page, 'Leaked')).toHaveCount(0);
});

test('tokens that are over are shown on request, and say how they ended', async ({ invite, openBrowser, database }) => {
  const person = await invite('Keeps Old Ones');
  const page = await openTokens(await openBrowser(person));
  for (const name of ['Still good', 'Run out', 'Taken back']) await makeToken(page, name);
  await revoke(page, 'Taken back');
  await database.query(
    `update api_tokens set expires_at = now() - interval '1 hour' where owner_id = $1 and name = 'Run out'`,
    [person.id],
  );
  await page.reload();
  await expect(page.getByRole('rowheader')).toHaveText([/^Still good/]);
  await page.getByRole('checkbox', { name: 'Show ended ones' }).check();
  await expect(rowOf(page, 'Run out')).toContainText('Expired');
  await expect(rowOf(page, 'Taken back')).toContainText('Revoked');
  await expect(page.getByRole('button', { name: /^Revoke/ })).toHaveCount(1);
});

test('an editor cannot make an admin’s token: it is not offered, and refused on its field to whoever was an admin a moment ago', async ({
  invite,
  openBrowser,
  api,
}) => {
  const editor = await openTokens(await openBrowser(await invite('Only Editor')));
  const offered = await openForm(editor);
  await offered.getByRole('button', { name: /\bRole\b/ }).click();
  await expect(editor.getByRole('option')).toHaveText([/^Viewer/, /^Editor/]);

  const person = await invite('Was Admin', UserRole.ADMIN);
  const page = await openTokens(await openBrowser(person));
  const form = await openForm(page);
  await fieldOf(form, 'Name').fill('Too much');
  await choose(form, 'Role', 'Admin');
  await api.update(person.id, { role: UserRole.EDITOR }, ['role']);
  await form.getByRole('button', { name: 'Create token' }).click();
  const role = form.getByRole('button', { name: /\bRole\b/ });
  await expect(role).toHaveAccessibleDescription('Your role does not allow you to give this role.');
  await expect(role).toBeFocused();
  await expect(fieldOf(form, 'Name')).toHaveValue('Too much');
  await choose(form, 'Role', 'Editor');
  await form.getByRole('button', { name: 'Create token' }).click();
  const made = page.getByRole('dialog', { name: 'Your new token' });
  await expect(made).toContainText('Editor');
  await made.getByRole('button', { name: 'Done' }).click();
  // An admin saw the tokens of all, the tests' own among them.
  await expect(page.getByRole('rowheader')).toHaveText([/^Too much/]);
});

test('an editor sees the tokens of their own, an admin those of all, with whose they are', async ({
  invite,
  openBrowser,
}) => {
  const [one, other] = [await invite('One Maker'), await invite('Other Maker')];
  await makeToken(await openTokens(await openBrowser(one)), 'Made by one');
  const page = await openTokens(await openBrowser(other));
  await makeToken(page, 'Made by other');
  await expect(page.getByRole('rowheader')).toHaveText([/^Made by other/]);

  const all = await openTokens(await openBrowser(await invite('Sees All', UserRole.ADMIN)));
  await expect(rowOf(all, 'Made by one').filter({ hasText: 'One Maker' }).first()).toBeVisible();
  await expect(rowOf(all, 'Made by other').filter({ hasText: 'Other Maker' }).first()).toBeVisible();
});

test('what is wrong with a new token is said on its fields, which keep what was put in', async ({
  invite,
  openBrowser,
}) => {
  const page = await openTokens(await openBrowser(await invite('Mis Taken')));
  const form = await openForm(page);
  const create = form.getByRole('button', { name: 'Create token' });
  const [name, readUsers] = [fieldOf(form, 'Name'), form.getByRole('checkbox', { name: 'Read users' })];
  await readUsers.uncheck();
  await create.click();
  await expect(name).toHaveAccessibleDescription('Enter a name.');
  await expect(name).toBeFocused();
  await expect(form.getByRole('group', { name: 'May' })).toHaveAccessibleDescription(
    'Choose what the token may be used for.',
  );
  await name.fill('n'.repeat(61));
  await create.click();
  await expect(name).toHaveAccessibleDescription(/60 characters/);
  await expect(name).toHaveValue('n'.repeat(61));
  await name.fill('Short enough');
  await create.click();
  // The focus goes to what is wrong, whichever field it is.
  await expect(readUsers).toBeFocused();
  await expect(readUsers).toHaveAttribute('aria-invalid', 'true');
  await readUsers.check();
  await create.click();
  await expect(page.getByRole('dialog', { name: 'Your new token' })).toContainText('Short enough');
});

test('38. making a token asks first whether it is still the same person, and then goes through by itself', async ({
  invite,
  sessions,
  openBrowser,
}) => {
  const person = await invite('Sat Here Long');
  const page = await openTokens(await openBrowser(person));
  const form = await openForm(page);
  await fieldOf(form, 'Name').fill('Asked first');
  await sessions.provedAgo(person, 20);
  await form.getByRole('button', { name: 'Create token' }).click();
  await confirmation(page).getByLabel('Password', { exact: true }).fill(person.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Your new token' })).toContainText('Asked first');
});

for (const look of [
  { name: 'wide', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'wide and dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 375, height: 812 } },
  { name: 'narrow and dark', colorScheme: 'dark', viewport: { width: 375, height: 812 } },
] as const) {
  test(`tokens have no fault that axe finds, and nothing beyond their edge, ${look.name}`, async ({
    invite,
    openBrowser,
  }) => {
    test.slow();
    const page = await openTokens(await openBrowser(await invite('Axe Person'), { ...look, reducedMotion: 'reduce' }));
    await expect(page.getByRole('heading', { name: 'No tokens yet' })).toBeVisible();
    await expectNoFaults(page, 'none');
    const form = await openForm(page);
    await form.getByRole('checkbox', { name: 'Read users' }).uncheck();
    await form.getByRole('button', { name: 'Create token' }).click();
    await expect(form.getByRole('alert')).toHaveCount(2);
    await expectNoFaults(page, 'new, with faults');
    for (const checkbox of await form.getByRole('checkbox').all()) await checkbox.check();
    await fieldOf(form, 'Name').fill('A name that is as long as a name of a token may be, or so');
    await form.getByRole('button', { name: 'Create token' }).click();
    const made = page.getByRole('dialog', { name: 'Your new token' });
    await expect(made).toBeVisible();
    await expectNoFaults(page, 'made');
    await expectNothingBeyondEdge(page);
    await made.getByRole('button', { name: 'Done' }).click();
    await makeToken(page, 'Another');
    await revoke(page, 'Another');
    await page.getByRole('checkbox', { name: 'Show ended ones' }).check();
    await page.getByRole('button', { name: /^Revoke A name/ }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expectNoFaults(page, 'list, with one in question and one revoked');
    await expectNothingBeyondEdge(page);
  });
}
