import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { pressWhenThere, restOn } from '../src/moments.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';
import { inviteAndSignIn } from '../src/sign-in.ts';

const test = testOnOwnStack(async () => ({ serverCount: 2, serverSettings: { ROSTER_BIN_DAYS: '12' } }));

const table = (page: Page) => page.getByRole('table', { name: 'Deleted people' });
const rowOf = (page: Page, name: string): Locator => table(page).getByRole('row').filter({ hasText: name });

async function openBin(page: Page): Promise<void> {
  await page.goto('/bin');
  await expect(page.getByRole('button', { name: 'Live' })).toBeVisible();
}

test('an empty bin says what it is for', async ({ page }) => {
  await page.goto('/users');
  await page.getByRole('link', { name: 'Bin' }).click();
  await expect(page).toHaveURL('/bin');
  await expect(page.getByRole('heading', { name: 'The bin is empty' })).toBeVisible();
  await expect(page.getByText('Deleted people are erased for good after 12 days.')).toBeVisible();
});

test('whoever is deleted waits in the bin, with who deleted them and for how long, and comes back as they were', async ({
  page,
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Comes Back', { metadata: { team: 'core' } });
  await view.open('Comes Back');
  await view.act('Delete');
  await expect.poll(async () => (await api.get(user.id)).deletedAt).toBeDefined();
  await openBin(page);
  const row = rowOf(page, 'Comes Back');
  await expect(row).toContainText(user.email);
  await expect(row).toContainText('12 days');
  await expect(row).toContainText('by Test Admin');
  await row.getByRole('button', { name: 'Restore Comes Back' }).click();
  await expect(page.getByRole('region', { name: 'Confirmations' })).toContainText('Comes Back is restored');
  await expect.poll(async () => (await api.get(user.id)).deletedAt).toBeUndefined();
  expect((await api.get(user.id)).metadata).toEqual({ team: 'core' });
  await page.mouse.move(0, 0);
  await expect(row).toHaveCount(0);
});

test('a press at the moment when rows have moved under a pointer that rests restores nobody it was not meant for', async ({
  page,
  people,
  api,
}) => {
  const [aimedAt, between] = [await people.create('Bin Aimed At'), await people.create('Bin Between')];
  await api.delete(aimedAt.id);
  await openBin(page);
  const point = await restOn(page.getByRole('button', { name: 'Restore Bin Aimed At' }));
  const pressed = pressWhenThere(page, 'Bin Between', point);
  await api.delete(between.id);
  await pressed;
  await expect(page.getByRole('button', { name: 'Restore Bin Between' })).toBeEnabled();
  expect((await api.get(between.id)).deletedAt).toBeDefined();
  await page.mouse.move(point.x - 200, point.y);
  await page.mouse.click(point.x, point.y);
  await expect(page.getByRole('region', { name: 'Confirmations' })).toContainText('Bin Between is restored');
  expect((await api.get(aimedAt.id)).deletedAt).toBeDefined();
});

test('the bin is live: it fills, empties and counts as others delete, restore and erase', async ({
  page,
  people,
  api,
}) => {
  const [one, two] = [await people.create('Bin One'), await people.create('Bin Two')];
  await openBin(page);
  const count = page.locator('h1 + span');
  const before = Number(await count.textContent());
  await api.delete(one.id);
  await api.delete(two.id);
  await expect(rowOf(page, 'Bin Two')).toBeVisible();
  await expect(rowOf(page, 'Bin One')).toBeVisible();
  await expect(count).toHaveText(String(before + 2));
  await api.client.undeleteUser({ id: one.id, requestId: '' }).response;
  await expect(rowOf(page, 'Bin One')).toHaveCount(0);
  await api.erase(two.id);
  await expect(rowOf(page, 'Bin Two')).toHaveCount(0);
  await expect(count).toHaveText(String(before));
});

test('erasing asks for the email address, and then nothing is left', async ({ page, people, api, database }) => {
  const name = `Erased ${people.tag}`;
  const user = await people.create(name);
  await api.delete(user.id);
  await openBin(page);
  await rowOf(page, name)
    .getByRole('button', { name: `Erase ${name} …` })
    .click();
  const dialog = page.getByRole('dialog', { name: `Erase ${name} for good?` });
  const erase = dialog.getByRole('button', { name: 'Erase for good' });
  await expect(dialog.getByRole('textbox')).toBeFocused();
  await expect(erase).toBeDisabled();
  await page.keyboard.type('somebody@else.example');
  await expect(erase).toBeDisabled();
  await page.keyboard.press('Enter');
  expect((await api.get(user.id)).name).toBe(name);
  await dialog.getByRole('textbox').fill(user.email.toUpperCase());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Confirmations' })).toContainText(`${name} is erased`);
  await expect(dialog).toHaveCount(0);
  await expect(api.get(user.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const [left] = await database.query(
    `select (select count(*) from changes where user_id = $1) as changes, (select count(*) from purged_users where id = $1) as tombs`,
    [user.id],
  );
  expect(left).toEqual({ changes: '0', tombs: '1' });
  expect((await people.create('Same Address', { email: user.email })).email).toBe(user.email);
});

test('who has signed in a while ago confirms first that it is them, and the erasing goes on by itself', async ({
  browser,
  baseURL,
  token,
  people,
  api,
  database,
}) => {
  // The confirmation renews the session, and with it the cookie that other tests come with.
  const own = { name: 'Own Admin', email: people.email(), role: UserRole.ADMIN, tags: [people.tag] };
  const admin = await inviteAndSignIn(baseURL ?? '', token, own);
  const page = await browser.newPage({ storageState: { cookies: [admin.cookie], origins: [] } });
  const user = await people.create('Erased After A While');
  await api.delete(user.id);
  await openBin(page);
  await database.query(`update sessions set authenticated_at = now() - interval '1 hour' where user_id = $1`, [
    admin.id,
  ]);
  await rowOf(page, 'Erased After A While')
    .getByRole('button', { name: /^Erase/ })
    .click();
  await page.getByRole('textbox', { name: 'Their email address, to confirm' }).fill(user.email);
  await page.getByRole('button', { name: 'Erase for good' }).click();
  const confirm = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await confirm.getByLabel('Password', { exact: true }).fill(admin.password);
  await confirm.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('region', { name: 'Confirmations' })).toContainText('Erased After A While is erased');
  await expect(api.get(user.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await page.close();
});

test('whose address somebody else has by now stays in the bin, and the row says why', async ({ page, people, api }) => {
  const user = await people.create('Address Gone');
  await api.delete(user.id);
  await people.create('Has The Address', { email: user.email });
  await openBin(page);
  const row = rowOf(page, 'Address Gone');
  await row.getByRole('button', { name: 'Restore Address Gone' }).click();
  await expect(row.getByRole('alert')).toHaveText('Somebody else has this email address by now. Change theirs first.');
  expect((await api.get(user.id)).deletedAt).toBeDefined();
  await api.erase(user.id);
});

test.describe('with less than all rights', () => {
  test('an editor restores but does not erase, and a viewer has no bin', async ({
    browser,
    baseURL,
    token,
    people,
    api,
  }) => {
    const editor = { name: 'Ed Itor', email: people.email(), role: UserRole.EDITOR, tags: [people.tag] };
    const viewer = { name: 'Vi Ewer', email: people.email(), role: UserRole.VIEWER, tags: [people.tag] };
    await api.delete((await people.create('Below', { role: UserRole.VIEWER })).id);
    await api.delete((await people.create('Above', { role: UserRole.ADMIN })).id);
    const pageOf = async (person: typeof editor) => {
      const { cookie } = await inviteAndSignIn(baseURL ?? '', token, person);
      return browser.newPage({ storageState: { cookies: [cookie], origins: [] } });
    };
    const page = await pageOf(editor);
    await openBin(page);
    await expect(rowOf(page, 'Below').getByRole('button')).toHaveText(['Restore']);
    await expect(rowOf(page, 'Above').getByRole('button')).toHaveCount(0);
    await page.close();
    const other = await pageOf(viewer);
    await other.goto('/users');
    await expect(other.getByRole('link', { name: 'Users' })).toBeVisible();
    await expect(other.getByRole('link', { name: 'Bin' })).toHaveCount(0);
    await other.goto('/bin');
    await expect(other.getByText('The bin needs the role Editor.')).toBeVisible();
    await other.close();
  });
});

for (const [words, viewport] of [
  ['on a wide screen', { width: 1280, height: 800 }],
  ['on a narrow one', { width: 375, height: 812 }],
] as const) {
  test(`the bin and its question have no fault that axe finds, ${words}, and are used by keyboard alone`, async ({
    page,
    people,
    api,
  }) => {
    await page.setViewportSize(viewport);
    const name = `<b>Hostile</b> ${people.tag}`;
    const user = await people.create(name);
    await api.delete(user.id);
    await openBin(page);
    const row = rowOf(page, name);
    await expect(row).toContainText('by End-to-end tests');
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await row.getByRole('button', { name: /^Erase/ }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox')).toBeFocused();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(row.getByRole('button', { name: /^Erase/ })).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Confirmations' })).toContainText('is restored');
    await expect.poll(async () => (await api.get(user.id)).deletedAt).toBeUndefined();
  });
}
