import { expect } from '@playwright/test';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { choose, fieldOf } from '../src/console.ts';
import { test } from '../src/fixtures.ts';
import { answerTo, pressWhenThere, restOn, whenDrawn, whenGone } from '../src/moments.ts';

test('the list opens on its people and says that it is live @smoke', async ({ people, console: view, openWindow }) => {
  await people.create('Ada Lovelace');
  await expect(view.grid).toBeVisible();
  await expect(view.row('Ada Lovelace')).toBeVisible();
  const other = await openWindow();
  await expect(other.total).toHaveText('1 matches');
});

test('a create in one window appears in another without a reload @smoke', async ({
  people,
  console: view,
  openWindow,
}) => {
  const other = await openWindow();
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').fill('Grace Hopper');
  await fieldOf(panel, 'Email').fill(people.email());
  await panel.getByRole('textbox', { name: 'Tags' }).fill(people.tag);
  await panel.getByRole('textbox', { name: 'Tags' }).press('Enter');
  const drawn = whenDrawn(other.page, 'Grace Hopper');
  const answered = answerTo(view.page, 'CreateUser');
  await panel.getByRole('button', { name: 'Create user' }).click();
  await noteDelay('create', answered, drawn);
  await expect(other.total).toHaveText('1 matches');
  await expect(view.row('Grace Hopper')).toBeVisible();
  await expect(view.confirmations).toContainText('Grace Hopper is created');
});

test('an edit in one window appears in another without a reload @smoke', async ({ people, page, openWindow }) => {
  await people.create('Before The Edit');
  const [view, other] = [await openWindow(), await openWindow()];
  await page.close();
  const panel = await view.open('Before The Edit');
  await fieldOf(panel, 'Name').fill('After The Edit');
  const drawn = whenDrawn(other.page, 'After The Edit');
  const answered = answerTo(view.page, 'UpdateUser');
  await panel.getByRole('button', { name: 'Save' }).click();
  await noteDelay('edit', answered, drawn);
  await expect(other.row('Before The Edit')).toHaveCount(0);
  await expect(view.row('After The Edit')).toBeVisible();
});

test('a change of role in one window appears in another without a reload', async ({ people, openWindow, api }) => {
  const user = await people.create('Rolf Role');
  const [view, other] = [await openWindow(), await openWindow()];
  await expect(other.cell('Rolf Role', 'role')).toHaveText('Viewer');
  const panel = await view.open('Rolf Role');
  await choose(panel, 'Role', 'Admin');
  const drawn = whenDrawn(other.page, 'Admin');
  const answered = answerTo(view.page, 'UpdateUser');
  await panel.getByRole('button', { name: 'Save' }).click();
  await noteDelay('role', answered, drawn);
  await expect(other.cell('Rolf Role', 'role')).toHaveText('Admin');
  expect((await api.get(user.id)).role).toBe(UserRole.ADMIN);
});

test('a delete in one window takes the row from another, and its undo brings it back @smoke', async ({
  people,
  openWindow,
  api,
}) => {
  await people.create('Stays Here');
  const user = await people.create('Goes Away');
  const [view, other] = [await openWindow(), await openWindow()];
  await expect(other.total).toHaveText('2 match');
  await view.open('Goes Away');
  const gone = whenGone(other.page, 'Goes Away');
  const answered = answerTo(view.page, 'DeleteUser');
  await view.act('Delete');
  await noteDelay('delete', answered, gone);
  await expect(other.total).toHaveText('1 matches');
  expect((await api.get(user.id)).deletedAt).toBeDefined();

  const drawn = whenDrawn(other.page, 'Goes Away');
  const restored = answerTo(view.page, 'UndeleteUser');
  await view.confirmations.getByRole('button', { name: 'Undo' }).click();
  await noteDelay('undo', restored, drawn);
  await expect(other.total).toHaveText('2 match');
  await expect(view.row('Goes Away')).toBeVisible();
});

test('a row edited out of the filter leaves, and one edited into it enters; the total follows', async ({
  people,
  api,
  openWindow,
}) => {
  const goes = await people.create('Leaves Soon', { role: UserRole.EDITOR });
  const comes = await people.create('Comes Soon', { role: UserRole.VIEWER });
  const view = await openWindow(`${people.filter} AND role = EDITOR`);
  await expect(view.total).toHaveText('1 matches');
  await expect(view.row('Comes Soon')).toHaveCount(0);

  await api.update(comes.id, { role: UserRole.EDITOR }, ['role']);
  await expect(view.row('Comes Soon')).toBeVisible();
  await expect(view.total).toHaveText('2 match');

  await api.update(goes.id, { role: UserRole.ADMIN }, ['role']);
  await expect(view.row('Leaves Soon')).toHaveCount(0);
  await expect(view.total).toHaveText('1 matches');
});

test('a press on a head sorts by it, a second one the other way round, and edits move rows to their places', async ({
  people,
  api,
  console: view,
}) => {
  const [, middle] = [
    await people.create('Bob Order'),
    await people.create('Anna Order'),
    await people.create('Zoë Order', { state: UserState.SUSPENDED }),
  ];
  await expect(view.total).toHaveText('3 match');
  await view.sortBy('Name');
  await expect.poll(view.names).toEqual(['Anna Order', 'Bob Order', 'Zoë Order']);
  await expect(view.grid.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
  await view.sortBy('Name');
  await expect.poll(view.names).toEqual(['Zoë Order', 'Bob Order', 'Anna Order']);
  await api.update(middle.id, { name: 'Žofia Order' }, ['name']);
  await expect.poll(view.names).toEqual(['Zoë Order', 'Žofia Order', 'Bob Order'].toSorted().toReversed());
});

test('a press at the moment when rows have moved under a pointer that rests opens whom it was meant for', async ({
  people,
  console: view,
}) => {
  await people.create('Was Aimed At');
  const point = await restOn(view.row('Was Aimed At'));
  const pressed = pressWhenThere(view.page, 'Comes Between', point);
  await people.create('Comes Between');
  await pressed;
  await expect(view.panel.getByRole('heading', { name: 'Was Aimed At' })).toBeVisible();
  await view.page.mouse.move(point.x + 40, point.y);
  await view.page.mouse.click(point.x, point.y);
  await expect(view.panel.getByRole('heading', { name: 'Comes Between' })).toBeVisible();
});

test('a mistake in the filter is shown with its column, and what was listed stays', async ({
  people,
  console: view,
}) => {
  await people.create('Still Shown');
  await expect(view.row('Still Shown')).toBeVisible();
  await view.setFilter(`${people.filter} AND rolle = ADMIN`);
  await expect(view.filterMistake).toContainText(`Column ${people.filter.length + ' AND '.length + 1}`);
  await expect(view.filterBox).toHaveAttribute('aria-invalid', 'true');
  await expect(view.row('Still Shown')).toBeVisible();
  await view.setFilter(people.filter);
  await expect(view.filterMistake).toHaveCount(0);
});

test('filter, order and open user stand in the address and survive a reload and the way back', async ({
  people,
  console: view,
}) => {
  await people.create('Kept In The Address');
  await view.sortBy('Email');
  await view.open('Kept In The Address');
  await expect(view.page).toHaveURL(/filter=.*order=email.*user=/);
  await view.page.reload();
  await expect(view.panel.getByRole('heading', { name: 'Kept In The Address' })).toBeVisible();
  await expect(view.grid.getByRole('columnheader', { name: 'Email' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(view.filterBox).toHaveValue(people.filter);

  await view.setFilter('');
  await expect(view.page).not.toHaveURL(/filter=/);
  await view.page.goBack();
  await expect(view.filterBox).toHaveValue(people.filter);
  await expect(view.total).toHaveText('1 matches');
});

/** Writes down how long after the answer the other window showed the change; a slow machine must not fail the test. */
async function noteDelay(what: string, answered: Promise<number>, seen: Promise<number>): Promise<void> {
  const delayMs = Math.round((await seen) - (await answered));
  test.info().annotations.push({ type: 'delay', description: `${what}: ${delayMs} ms after the answer` });
  expect(delayMs).toBeLessThan(5_000);
}
