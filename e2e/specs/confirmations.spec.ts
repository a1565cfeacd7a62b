import { expect } from '@playwright/test';
import { fieldOf, openConsole } from '../src/console.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const test = testSignIn();

test('an undo that fails after its panel is closed says why', async ({ people, api, invite, openBrowser }) => {
  const user = await people.create('Deleted Then Replaced');
  const page = await (await openBrowser(await invite('Takes Back'))).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Deleted Then Replaced');
  await view.act('Delete');
  await expect(view.confirmations).toContainText('Deleted Then Replaced is deleted');
  await panel.getByRole('button', { name: 'Close' }).click();
  await people.create('Has The Email', { email: user.email });
  await view.confirmations.getByRole('button', { name: 'Undo' }).click();
  await expect(view.confirmations).toContainText(/is deleted ?Not undone\. /);
  expect((await api.get(user.id)).deletedAt).toBeDefined();
});

test('while a session has ended nobody can read what was confirmed in it', async ({
  people,
  invite,
  sessions,
  openBrowser,
}) => {
  await people.create('Private Matter');
  const person = await invite('Went Away');
  const page = await (await openBrowser(person)).newPage();
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Private Matter');
  await view.act('Suspend');
  const confirmation = view.page.getByText('Private Matter is suspended');
  await expect(confirmation).toBeVisible();
  // Rests on it, so that it does not go away by itself.
  await confirmation.hover();
  await fieldOf(panel, 'Name').fill('Unsaved');
  await sessions.idleFor(person, 31);
  await panel.getByRole('button', { name: 'Save' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();
  await expect(confirmation).toBeHidden();
});
