import { expect } from '@playwright/test';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { expectNoFaults } from '../src/accessibility.ts';
import { fieldOf as inputOf, openConsole } from '../src/console.ts';
import { test } from '../src/fixtures.ts';
import { fieldOf, historyOn, openHistory } from '../src/history.ts';
import { inviteAndSignIn } from '../src/sign-in.ts';

test('an edit appears live in the history, with who made it and each field before and after', async ({
  page,
  api,
  people,
}) => {
  const grace = await people.create('Grace Hopper', { metadata: { team: 'Navy' } });
  const view = await openHistory(page, { person: grace.id });
  await expect(view.entries).toHaveCount(1);
  await api.update(
    grace.id,
    { role: UserRole.EDITOR, name: 'Grace B. Hopper', tags: [people.tag, 'vip'], metadata: { team: 'Army' } },
    ['role', 'name', 'tags', 'metadata.team'],
  );
  await expect(view.entries).toHaveCount(2);
  await expect(view.entries.first()).toContainText(
    'End-to-end tests changed the role of Grace B. Hopper from Viewer to Editor, and 3 more fields',
  );
  const entry = await view.unfold('changed the role');
  await expect(fieldOf(entry, 'Role')).toHaveText(/− ?Before: ?Viewer ?\+ ?After: ?Editor/);
  await expect(fieldOf(entry, 'Name').getByRole('deletion')).toHaveText('Grace Hopper');
  await expect(fieldOf(entry, 'Name').getByRole('insertion')).toHaveText('Grace B. Hopper');
  await expect(fieldOf(entry, 'Tags').getByRole('insertion')).toHaveText('vip');
  await expect(fieldOf(entry, 'team').getByRole('insertion')).toHaveText('Army');
  await expect(entry.getByLabel('Who and from where')).toContainText(/Token.*Address.*Revision/);
});

test('while one reads, what is new waits and is counted; a press lets it in', async ({ page, api, people }) => {
  const { id } = await people.create('Busy Person');
  for (let round = 0; round < 30; round += 1) await api.update(id, { name: `Busy ${round}` }, ['name']);
  const view = await openHistory(page, { person: id });
  await view.unfold('to Busy 29');
  await api.update(id, { name: 'Busy 30' }, ['name']);
  await api.update(id, { name: 'Busy 31' }, ['name']);
  await expect(view.arrivals).toHaveText('2 new');
  await expect(view.entries.first()).toContainText('Busy 29');
  await view.arrivals.click();
  await expect(view.entries.first()).toContainText('Busy 31');
  await expect(view.arrivals).toHaveCount(0);
});

test('“who became an admin lately” is two chips, and the address holds the answer', async ({ page, api, people }) => {
  const [raised, stays] = [await people.create('Was Raised'), await people.create('Stays Viewer')];
  await api.update(raised.id, { role: UserRole.ADMIN }, ['role']);
  await api.update(stays.id, { state: UserState.SUSPENDED }, ['state']);
  const view = await openHistory(page);
  await view.narrow('Role given', 'Admin');
  await view.narrow('Time', 'Last hour');
  await expect(page).toHaveURL(/role=admin&time=hour/);
  await expect(view.entry('Was Raised')).toHaveCount(1);
  await expect(view.entry('Stays Viewer')).toHaveCount(0);
  await page.reload();
  await expect(historyOn(page).entry('Was Raised')).toHaveCount(1);
  await page.getByRole('button', { name: 'Person' }).click();
  await expect(page.getByRole('textbox', { name: 'Person: name or email' })).toBeFocused();
  await page.keyboard.type('Was Raised');
  await page.getByRole('list', { name: 'People' }).getByRole('button', { name: 'Was Raised' }).click();
  await expect(page).toHaveURL(new RegExp(`person=${raised.id}`));
  await expect(historyOn(page).entries).toHaveCount(1);
});

test('a change is taken back after a question, and that is taken back by the toast', async ({ page, api, people }) => {
  const { id } = await people.create('Before');
  await api.update(id, { name: 'After', role: UserRole.EDITOR }, ['name', 'role']);
  const view = await openHistory(page, { person: id });
  const entry = await view.unfold('changed the role');
  await entry.getByRole('button', { name: 'Revert', exact: true }).click();
  await expect(entry.getByRole('group', { name: 'Revert this change' })).toContainText('Name goes back to Before');
  await entry.getByRole('button', { name: 'Revert 2 fields' }).click();
  await expect(view.confirmations).toContainText('A change of Before is taken back');
  expect(await api.get(id)).toMatchObject({ name: 'Before', role: UserRole.VIEWER });
  await view.confirmations.getByRole('button', { name: 'Undo' }).click();
  await expect(view.confirmations).toContainText('After is as before');
  expect(await api.get(id)).toMatchObject({ name: 'After', role: UserRole.EDITOR });
});

test('5. where somebody has changed the field since, reverting says who, when and what, and overwrites only when told', async ({
  page,
  api,
  people,
}) => {
  const { id } = await people.create('First');
  await api.update(id, { name: 'Second' }, ['name']);
  await api.update(id, { name: 'Third' }, ['name']);
  const view = await openHistory(page, { person: id });
  const entry = await view.unfold('renamed First to Second');
  await entry.getByRole('button', { name: 'Revert', exact: true }).click();
  await entry.getByRole('button', { name: 'Revert 1 field' }).click();
  const question = entry.getByRole('group', { name: 'This has changed since' });
  await expect(question).toContainText(/End-to-end tests changed Name .*Now\s*Third\s*Reverted\s*First/);
  expect((await api.get(id)).name).toBe('Third');
  await question.getByRole('button', { name: 'Revert all the same' }).click();
  await expect(view.confirmations).toContainText('A change of First is taken back');
  expect((await api.get(id)).name).toBe('First');
});

test('a deletion is reverted by restoring', async ({ page, api, people }) => {
  const { id } = await people.create('Deleted By Mistake');
  await api.delete(id);
  const view = await openHistory(page, { person: id, kind: 'deleted' });
  const entry = await view.unfold('deleted Deleted By Mistake');
  await entry.getByRole('button', { name: 'Revert', exact: true }).click();
  await entry.getByRole('button', { name: 'Restore' }).click();
  await expect(view.confirmations).toContainText('is taken back');
  expect((await api.get(id)).deletedAt).toBeUndefined();
});

test('a person is seen as of then, with what is different now', async ({ page, api, people }) => {
  const { id } = await people.create('Then', { metadata: { team: 'Atlas' } });
  await api.update(id, { name: 'Now', metadata: { team: 'Atlas' } }, ['name']);
  const view = await openHistory(page, { person: id });
  const entry = await view.unfold('created Then');
  await entry.getByRole('button', { name: 'View as of then' }).click();
  const sheet = page.getByRole('dialog', { name: 'Then as of then' });
  await expect(sheet).toContainText('1 field is different now.');
  await expect(sheet).toContainText(/Name\s*Then\s*Now\s*Now/);
  await expect(sheet).toContainText(/team\s*Atlas/);
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
});

test('one change has an address of its own', async ({ page, api, people }) => {
  const { id } = await people.create('Linked');
  const { revision } = await api.update(id, { name: 'Linked To' }, ['name']);
  await api.update(id, { name: 'Linked On' }, ['name']);
  const view = await openHistory(page, { change: String(revision) });
  await expect(view.entries).toHaveCount(1);
  await expect(fieldOf(view.entries.first(), 'Name').getByRole('insertion')).toHaveText('Linked To');
  await page.getByRole('button', { name: 'Show all changes' }).click();
  await expect(view.entry('Linked On')).not.toHaveCount(0);
});

test('the panel of a person ends with their history, and what is reverted there shows in the form', async ({
  people,
  api,
  console: view,
}) => {
  const { id } = await people.create('In The Panel', {
    address: { street: '', city: 'Rome', state: '', country: '', postalCode: '' },
  });
  await api.update(id, { address: { street: '', city: 'Paris', state: '', country: '', postalCode: '' } }, [
    'address.city',
  ]);
  const panel = await view.open('In The Panel');
  await expect(inputOf(panel, 'City')).toHaveValue('Paris');
  await panel.getByRole('heading', { name: 'History' }).scrollIntoViewIfNeeded();
  const history = panel.getByRole('list', { name: 'Changes of this person' });
  await history.getByRole('button', { name: 'changed the city from Rome to Paris' }).click();
  await history.getByRole('button', { name: 'Revert', exact: true }).click();
  await history.getByRole('button', { name: 'Revert 1 field' }).click();
  await expect(view.confirmations).toContainText('is taken back');
  await expect(inputOf(panel, 'City')).toHaveValue('Rome');
  await expect(history.getByRole('listitem').first()).toContainText('changed the city from Paris to Rome');
});

test('5. a field that somebody changes while it is edited names who it was', async ({
  people,
  api,
  baseURL,
  token,
  console: view,
  browser,
}) => {
  const { id } = await people.create('Contested');
  const panel = await view.open('Contested');
  await inputOf(panel, 'Name').fill('Mine');
  const email = people.email();
  const role = UserRole.ADMIN;
  const ada = await inviteAndSignIn(baseURL ?? '', token, { name: 'Ada Byron', email, role, tags: [people.tag] });
  const page = await browser.newPage({ storageState: { cookies: [ada.cookie], origins: [] } });
  const hers = await openConsole(page, people.filter);
  const herPanel = await hers.open('Contested');
  await inputOf(herPanel, 'Name').fill('Theirs');
  await herPanel.getByRole('button', { name: 'Save' }).click();
  await expect(hers.confirmations).toContainText('Saved 1 change');
  await expect(panel.getByRole('group', { name: 'Name was changed by someone else' })).toContainText(
    'Ada Byron changed this',
  );
  await page.close();
  expect((await api.get(id)).name).toBe('Theirs');
});

const hostile: readonly string[] = [
  '<img src=x onerror="globalThis.isHacked = true">',
  'Evil\u202Egnp.exe\u2066 left',
  'W'.repeat(200),
  `Z${'\u0335\u0321\u034E'.repeat(30)}algo`,
];

test('48. hostile names and values stay text in the history, in what unfolds and in what was then', async ({
  page,
  api,
  people,
}) => {
  for (const name of hostile) {
    const { id } = await people.create(name, { metadata: { '<b>key</b>': '"><script>isHacked = true</script>' } });
    await api.update(id, { metadata: { '<b>key</b>': '<iframe src=javascript:isHacked=true>' } }, ['metadata']);
    const view = await openHistory(page, { person: id });
    await expect(view.entries).toHaveCount(2);
    const [first, second] = [await view.entries.first().boundingBox(), await view.entries.last().boundingBox()];
    expect(first?.height).toBe(second?.height);
    const entry = await view.unfold(/created/);
    await expect(fieldOf(entry, 'Name').getByRole('insertion')).toHaveText(name);
    await expect(fieldOf(entry, '<b>key</b>').getByRole('insertion')).toHaveText('"><script>isHacked = true</script>');
    await entry.getByRole('button', { name: 'View as of then' }).click();
    await expect(page.getByRole('dialog')).toContainText('1 field is different now.');
    const overflows = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(overflows).toBe(false);
    expect(await page.evaluate(() => 'isHacked' in globalThis)).toBe(false);
  }
});

test('sign-ins and refusals are there for an admin, with who and from where', async ({
  page,
  baseURL,
  token,
  people,
  browser,
}) => {
  const email = people.email();
  const vic = await inviteAndSignIn(baseURL ?? '', token, {
    name: `Vic ${people.tag}`,
    email,
    role: UserRole.VIEWER,
    tags: [people.tag],
  });
  const his = await browser.newPage({ storageState: { cookies: [vic.cookie], origins: [] } });
  await his.goto('/history');
  await expect(his.getByText('Reading the history needs the role Editor.')).toBeVisible();
  await expect(his.getByRole('link', { name: 'History' })).toHaveCount(0);
  await his.close();

  await page.goto('/history/sign-ins');
  const signIns = page.getByRole('region', { name: 'Sign-ins' });
  await signIns.getByRole('button', { name: `Vic ${people.tag} signed in` }).click();
  await expect(signIns.getByLabel('Who and from where').first()).toContainText(/Session.*Address/);
  await page.getByText('Refused', { exact: true }).click();
  await expect(page).toHaveURL(/\/history\/refused$/);
  await expect(page.getByRole('region', { name: 'Refused' }).or(page.getByText('Nothing was refused'))).toBeVisible();
});

test('the history is walked and unfolded by keyboard alone', async ({ page, api, people }) => {
  const { id } = await people.create('By Keys');
  for (let round = 0; round < 60; round += 1) await api.update(id, { name: `Keys ${round}` }, ['name']);
  const view = await openHistory(page, { person: id });
  await view.entries.first().getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await expect(view.entry('Keys 57 to Keys 58').getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(view.entry('Keys 57 to Keys 58').getByLabel('What changed')).toBeVisible();
  await page.keyboard.press('Enter');
  const first = view.entry('created By Keys').getByRole('button').first();
  // The end moves on while older pages come.
  await expect(async () => {
    await page.keyboard.press('End');
    await expect(first).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('Home');
  await expect(view.entry('Keys 58 to Keys 59').getByRole('button').first()).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the history has no fault that axe finds, in ${colorScheme}`, async ({ page, api, people }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { id } = await people.create('Axe Person', { tags: ['one'] });
    await api.update(id, { name: 'Axe', tags: [people.tag, 'two'], role: UserRole.EDITOR }, ['name', 'tags', 'role']);
    await api.update(id, { name: 'Axe Again' }, ['name']);
    const view = await openHistory(page, { person: id });
    await expectNoFaults(page, 'list');
    const entry = await view.unfold('changed the role');
    await expectNoFaults(page, 'unfolded');
    await entry.getByRole('button', { name: 'Revert', exact: true }).click();
    await expectNoFaults(page, 'asked');
    await entry.getByRole('button', { name: /^Revert 3/ }).click();
    await expect(entry.getByRole('group', { name: 'This has changed since' })).toBeVisible();
    await expectNoFaults(page, 'conflict');
    await entry.getByRole('button', { name: 'View as of then' }).click();
    await expect(page.getByRole('dialog')).toContainText('different now');
    await expectNoFaults(page, 'as of then');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Time/ }).click();
    await expectNoFaults(page, 'time');
    await page.goto(`/history?person=${id}&kind=restored`);
    await expect(page.getByRole('heading', { name: 'No change matches' })).toBeVisible();
    await expectNoFaults(page, 'no match');
    await page.goto('/history/sign-ins');
    await page
      .getByRole('region', { name: 'Sign-ins' })
      .getByRole('article')
      .first()
      .getByRole('button')
      .first()
      .click();
    await expectNoFaults(page, 'sign-ins');
  });
}
