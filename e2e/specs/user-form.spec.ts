import { expect, type Locator } from '@playwright/test';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { choose, errorOf, fieldOf, openConsole } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

/** Fills in what a new user needs. */
async function fillIn(panel: Locator, values: { name: string; email: string; tag: string }): Promise<void> {
  await fieldOf(panel, 'Name').fill(values.name);
  await fieldOf(panel, 'Email').fill(values.email);
  await panel.getByRole('textbox', { name: 'Tags' }).fill(values.tag);
  await panel.getByRole('textbox', { name: 'Tags' }).press('Enter');
}

test("the server's violations land on their fields, the first gets the focus, and the input is kept", async ({
  people,
  console: view,
}) => {
  const tooLong = 'n'.repeat(201);
  const panel = await view.openNew();
  await fillIn(panel, { name: tooLong, email: 'no address', tag: people.tag });
  await panel.getByRole('button', { name: 'Create user' }).click();
  await expect(errorOf(panel, 'Name')).toContainText('200');
  await expect(errorOf(panel, 'Email')).toContainText(/email/i);
  await expect(fieldOf(panel, 'Name')).toBeFocused();
  await expect(fieldOf(panel, 'Name')).toHaveValue(tooLong);
  await expect(fieldOf(panel, 'Email')).toHaveValue('no address');
  await expect(panel.getByText(people.tag)).toBeVisible();

  await fieldOf(panel, 'Name').fill('Short Enough');
  await expect(errorOf(panel, 'Name')).toHaveCount(0);
  await fieldOf(panel, 'Email').fill(people.email());
  await panel.getByRole('button', { name: 'Create user' }).click();
  await expect(view.row('Short Enough')).toBeVisible();
});

test('a taken email is said on the email, and the input is kept @smoke', async ({ people, console: view }) => {
  const { email } = await people.create('First Owner');
  const panel = await view.openNew();
  await fillIn(panel, { name: 'Second Owner', email: email.toUpperCase(), tag: people.tag });
  await panel.getByRole('button', { name: 'Create user' }).click();
  await expect(errorOf(panel, 'Email')).toContainText('Another user has this email address');
  await expect(fieldOf(panel, 'Email')).toBeFocused();
  await expect(fieldOf(panel, 'Email')).toHaveAttribute('aria-invalid', 'true');
  await expect(fieldOf(panel, 'Name')).toHaveValue('Second Owner');
  await expect(view.total).toHaveText('1 matches');
});

test('a role that the server does not know is said on the role', async ({ people, console: view }) => {
  // The form has no such choice: the request is changed on its way.
  await view.page.route('**/CreateUser', async (route) => {
    const body = route.request().postDataBuffer();
    const at = body?.indexOf(Buffer.from([0x18, UserRole.VIEWER])) ?? -1; // field 3, a varint
    expect(at).toBeGreaterThan(0);
    body?.writeUInt8(99, at + 1);
    await route.continue({ ...(body ? { postData: body } : {}) });
  });
  const panel = await view.openNew();
  await fillIn(panel, { name: 'Role Ninety-Nine', email: people.email(), tag: people.tag });
  await panel.getByRole('button', { name: 'Create user' }).click();
  await expect(panel.locator('[data-field="role"]').getByRole('alert')).toContainText(/role/i);
  await expect(fieldOf(panel, 'Name')).toHaveValue('Role Ninety-Nine');
});

test('a double press creates one user', async ({ people, api, console: view }) => {
  const panel = await view.openNew();
  await fillIn(panel, { name: 'Only Once', email: people.email(), tag: people.tag });
  await panel.getByRole('button', { name: 'Create user' }).dblclick();
  await expect(view.row('Only Once')).toBeVisible();
  expect(await api.list(people.filter)).toHaveLength(1);
});

test('edits of two fields in two windows both stand', async ({ people, api, openWindow }) => {
  const user = await people.create('Two Fields');
  const [one, two] = [await openWindow(), await openWindow()];
  const [panelOne, panelTwo] = [await one.open('Two Fields'), await two.open('Two Fields')];
  const email = people.email();
  await fieldOf(panelOne, 'Name').fill('Name From One');
  await fieldOf(panelTwo, 'Email').fill(email);
  await panelOne.getByRole('button', { name: 'Save' }).click();
  await expect(fieldOf(panelTwo, 'Name')).toHaveValue('Name From One');
  await panelTwo.getByRole('button', { name: 'Save' }).click();
  await expect(two.confirmations).toContainText('Saved 1 change');
  expect(await api.get(user.id)).toMatchObject({ name: 'Name From One', email });
});

test('a field that was changed elsewhere while it was edited shows both, and mine can be kept', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Contested');
  const panel = await view.open('Contested');
  await fieldOf(panel, 'Name').fill('Mine');
  await api.update(user.id, { name: 'Theirs' }, ['name']);
  const conflict = panel.getByRole('group', { name: /Name was changed/ });
  await expect(conflict).toContainText('Before');
  await expect(conflict).toContainText('Contested');
  await expect(conflict).toContainText('Theirs');
  await expect(fieldOf(panel, 'Name')).toHaveValue('Mine');

  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByRole('alert')).toContainText('Choose which to keep');
  expect((await api.get(user.id)).name).toBe('Theirs');

  await conflict.getByRole('button', { name: /Keep mine/ }).click();
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(view.confirmations).toContainText('Saved 1 change');
  expect((await api.get(user.id)).name).toBe('Mine');
});

test('a save that lost to another one shows what the server says about each field, and theirs can be taken', async ({
  people,
  api,
  page,
}) => {
  const user = await people.create('Read Long Ago');
  // The page of one user has no feed: it learns of the other edit only from the refused save.
  await page.goto(`/users/${user.id}`);
  const main = page.getByRole('main');
  await fieldOf(main, 'Name').fill('Mine');
  await api.update(user.id, { name: 'Theirs', address: addressIn('Oslo') }, ['name', 'address.city']);
  await main.getByRole('button', { name: 'Save' }).click();
  const conflict = main.getByRole('group', { name: /Name was changed/ });
  await expect(conflict).toContainText('Theirs');
  await expect(fieldOf(main, 'City')).toHaveValue('Oslo');
  await conflict.getByRole('button', { name: /Take theirs/ }).click();
  await expect(fieldOf(main, 'Name')).toHaveValue('Theirs');
  expect((await api.get(user.id)).name).toBe('Theirs');
});

test('suspend and activate act at one press, and the role is saved with the form', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Sus Pended');
  const panel = await view.open('Sus Pended');
  await view.act('Suspend');
  await expect(view.cell('Sus Pended', 'state')).toHaveText('Suspended');
  expect((await api.get(user.id)).state).toBe(UserState.SUSPENDED);
  await view.confirmations.getByRole('button', { name: 'Undo' }).first().click();
  await expect(view.cell('Sus Pended', 'state')).toHaveText('Active');

  await choose(panel, 'Role', 'Editor');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(view.cell('Sus Pended', 'role')).toHaveText('Editor');
  expect((await api.get(user.id)).role).toBe(UserRole.EDITOR);
});

test('on a narrow screen, where the panel is a sheet, its lists and its menu can be pressed', async ({
  page,
  people,
  api,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const user = await people.create('On A Phone');
  const view = await openConsole(page, people.filter);
  await view.grid.getByRole('link', { name: /^On A Phone/ }).click();
  const sheet = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: 'On A Phone' }) });
  await choose(sheet, 'Role', 'Editor');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await api.get(user.id)).role).toBe(UserRole.EDITOR);
  await sheet.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Suspend' }).click();
  await expect.poll(async () => (await api.get(user.id)).state).toBe(UserState.SUSPENDED);
  await expect(sheet).toBeVisible();
});

test('unsaved input survives a reload, and is discarded only when one says so', async ({ people, console: view }) => {
  await people.create('Half Typed');
  const panel = await view.open('Half Typed');
  await fieldOf(panel, 'Name').fill('Typed Before The Reload');
  await view.page.reload();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Typed Before The Reload');
  await expect(panel.getByText('1 change', { exact: true })).toBeVisible();

  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel.getByRole('alertdialog')).toContainText('Discard 1 change?');
  await panel.getByRole('button', { name: 'Keep editing' }).click();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Typed Before The Reload');
  await panel.getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Half Typed');
});

test('a new user that is half typed survives a reload', async ({ console: view }) => {
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').fill('New And Half Typed');
  await view.page.reload();
  await expect(fieldOf(panel, 'Name')).toHaveValue('New And Half Typed');
});

function addressIn(city: string) {
  return { street: '', city, state: '', country: '', postalCode: '' };
}
