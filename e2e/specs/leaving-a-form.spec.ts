import { expect, type Page } from '@playwright/test';
import { UserState } from '@roster/proto/gen/userservice/v1/user';
import { fieldOf } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

/** Holds the next call of a method back until the returned function is called. */
async function holdBack(page: Page, method: string): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route(
    `**/${method}`,
    async (route) => {
      await held.promise;
      await route.continue();
    },
    { times: 1 },
  );
  return held.resolve;
}

test('whether to discard is asked no more once one types on or saves', async ({ people, api, console: view }) => {
  const user = await people.create('Asked Once');
  const panel = await view.open('Asked Once');
  const question = panel.getByRole('alertdialog');
  await fieldOf(panel, 'Name').fill('Typed On');
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(question).toBeVisible();
  await fieldOf(panel, 'Name').fill('Typed Further');
  await expect(question).toHaveCount(0);

  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(question).toBeVisible();
  await fieldOf(panel, 'Name').press('Control+s');
  await expect(view.confirmations).toContainText('Saved 1 change');
  await fieldOf(panel, 'Name').press('End');
  await view.page.keyboard.type(' and on');
  await expect(fieldOf(panel, 'Name')).toHaveValue('Typed Further and on');
  await expect(question).toHaveCount(0);

  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(question).toBeVisible();
  // What was typed is what somebody else has saved: there is nothing to discard, and the question does not come back with the next change.
  await api.update(user.id, { name: 'Typed Further and on' }, ['name']);
  await expect(panel.getByRole('button', { name: /Discard/ })).toHaveCount(0);
  await fieldOf(panel, 'Email').fill(people.email());
  await expect(panel.getByText('1 change', { exact: true })).toBeVisible();
  await expect(question).toHaveCount(0);
});

test('Escape in the box of tags takes what stands in it, and asks whether to discard', async ({
  people,
  console: view,
}) => {
  await people.create('Half A Tag');
  const panel = await view.open('Half A Tag');
  await fieldOf(panel, 'Name').fill('Changed As Well');
  await panel.getByRole('textbox', { name: 'Tags' }).fill('half');
  await panel.getByRole('textbox', { name: 'Tags' }).press('Escape');
  await expect(panel.getByRole('alertdialog', { name: 'Discard 2 changes?' })).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Keep editing' })).toBeFocused();
});

test('an action that failed for want of a server is no alarm once it is back, and is over once the person is another', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Acted Upon');
  const panel = await view.open('Acted Upon');
  await view.page.route('**/UpdateUser', (route) => route.abort());
  await view.act('Suspend');
  await expect(panel.getByRole('alert')).toContainText('could not be reached when you tried this', { timeout: 30_000 });
  await api.update(user.id, { state: UserState.SUSPENDED }, ['state']);
  await expect(panel.getByRole('alert')).toHaveCount(0);
});

test('who is being created is not offered to be typed anew, and is there again if that fails', async ({
  people,
  console: view,
}) => {
  const { email } = await people.create('Has The Email');
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').fill('On The Way');
  await fieldOf(panel, 'Email').fill(email);
  const goOn = await holdBack(view.page, 'CreateUser');
  await panel.getByRole('button', { name: 'Create user' }).click();
  await panel.getByRole('button', { name: 'Close' }).click();
  await view.openNew();
  await expect(fieldOf(panel, 'Name')).toHaveValue('');
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toHaveCount(0);
  goOn();
  await expect(view.confirmations).toContainText(/The new user is not created.*Another user has this email address/i);
  await view.openNew();
  await expect(fieldOf(panel, 'Name')).toHaveValue('On The Way');
});

test('a save that is refused after one has gone on to somebody else says so, and what was typed is still there', async ({
  people,
  console: view,
}) => {
  await people.create('Goes On');
  await people.create('Stays Behind');
  const panel = await view.open('Stays Behind');
  const tooLong = 'n'.repeat(201);
  await fieldOf(panel, 'Name').fill(tooLong);
  const goOn = await holdBack(view.page, 'UpdateUser');
  await panel.getByRole('button', { name: 'Save' }).click();
  await view.open('Goes On');
  goOn();
  await expect(view.confirmations).toContainText(/Stays Behind is not saved.*200.*What you typed is kept/);
  await view.open('Stays Behind');
  await expect(fieldOf(panel, 'Name')).toHaveValue(tooLong);
});

test('a save that goes through after its panel is closed is told, and nothing of it is left to save', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Saved Late');
  const panel = await view.open('Saved Late');
  await fieldOf(panel, 'Name').fill('Saved After All');
  const goOn = await holdBack(view.page, 'UpdateUser');
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toHaveCount(0);
  goOn();
  await expect(view.confirmations).toContainText('Saved 1 change of Saved After All');
  // Somebody else's edit of the same field is no conflict with what was saved before it.
  await api.update(user.id, { name: 'Changed Since' }, ['name']);
  await view.page.mouse.move(0, 0);
  await view.open('Changed Since');
  await expect(fieldOf(panel, 'Name')).toHaveValue('Changed Since');
  await expect(panel.getByRole('button', { name: 'Discard' })).toHaveCount(0);
});

test('an action that fails after one has gone on to somebody else says so', async ({ people, console: view }) => {
  await people.create('Goes On');
  await people.create('Not Suspended');
  await view.open('Not Suspended');
  const { promise, resolve } = Promise.withResolvers<void>();
  await view.page.route('**/UpdateUser', async (route) => {
    await promise;
    await route.abort();
  });
  await view.act('Suspend');
  await view.open('Goes On');
  resolve();
  await expect(view.confirmations).toContainText('Not Suspended: not known whether suspended', {
    timeout: 30_000,
  });
});

test('somebody who is created after one has gone on to another is told of, and calls nobody away', async ({
  people,
  console: view,
}) => {
  await people.create('Goes On');
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').fill('Created Late');
  await fieldOf(panel, 'Email').fill(people.email());
  await panel.getByRole('textbox', { name: 'Tags' }).fill(people.tag);
  await panel.getByRole('textbox', { name: 'Tags' }).press('Enter');
  const goOn = await holdBack(view.page, 'CreateUser');
  await panel.getByRole('button', { name: 'Create user' }).click();
  await view.open('Goes On');
  goOn();
  await expect(view.confirmations).toContainText('Created Late is created');
  await expect(panel.getByRole('heading', { name: 'Goes On' })).toBeVisible();
});

test('the panel of somebody who is deleted elsewhere says that what was typed cannot be saved, and lets it be discarded', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Deleted While Typed');
  const panel = await view.open('Deleted While Typed');
  await fieldOf(panel, 'Name').fill('Half Typed');
  await api.delete(user.id);
  await expect(panel.getByRole('alert')).toContainText('cannot be saved until they are restored');
  await expect(panel.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await panel.getByRole('button', { name: 'Close' }).click();
  await panel.getByRole('alertdialog').getByRole('button', { name: 'Discard 1 change' }).click();
  await expect(panel).toHaveCount(0);
});

test('a field in which one only stands waits for the focus to be left, and offers no choice', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Stood In');
  const panel = await view.open('Stood In');
  await fieldOf(panel, 'Name').focus();
  await api.update(user.id, { name: 'Changed Elsewhere' }, ['name']);
  await expect(panel.getByText('It appears when you leave the field')).toBeVisible();
  await expect(panel.getByRole('button', { name: /Keep mine/ })).toHaveCount(0);
  await expect(fieldOf(panel, 'Name')).toHaveValue('Stood In');
  await fieldOf(panel, 'Email').focus();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Changed Elsewhere');
  await expect(panel.getByText('It appears when you leave the field')).toHaveCount(0);
});

test('what is typed about a new user while they are being created is an edit of whom that has created', async ({
  people,
  api,
  console: view,
}) => {
  const panel = await view.openNew();
  const email = people.email();
  await fieldOf(panel, 'Name').fill('Sent');
  await fieldOf(panel, 'Email').fill(email);
  const goOn = await holdBack(view.page, 'CreateUser');
  await panel.getByRole('button', { name: 'Create user' }).click();
  await fieldOf(panel, 'Name').fill('Sent And Typed On');
  goOn();
  await expect(panel.getByRole('heading', { name: 'Sent', exact: true })).toBeVisible();
  await expect(panel).toBeFocused();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Sent And Typed On');
  await expect(panel.getByText('1 change', { exact: true })).toBeVisible();
  const [created] = await api.list(`email = "${email}"`);
  if (!created) throw new Error('nobody was created');
  await api.delete(created.id);
});

test('somebody who is erased elsewhere is said to be so where they are open, and can be neither saved nor restored', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Erased Elsewhere');
  const panel = await view.open('Erased Elsewhere');
  await fieldOf(panel, 'Name').fill('Typed In Vain');
  await api.delete(user.id);
  await api.erase(user.id);
  await expect(panel.getByText('Erased for good.')).toBeVisible();
  await expect(panel.getByRole('button', { name: /^(Save|Restore|Invite)$/ })).toHaveCount(0);
  await expect(panel.getByRole('alert')).toContainText('cannot be saved');
  await panel.getByRole('button', { name: 'Discard' }).click();
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toHaveCount(0);
});
