import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { expectNoFaults } from '../src/accessibility.ts';
import { fieldOf } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

test('the drawer shows a call with its request, answer, deadline, bytes and metadata', async ({
  people,
  page,
  console: view,
}) => {
  await people.create('Ins Pector');
  const panel = await view.open('Ins Pector');
  await fieldOf(panel, 'Name').fill('Ins Pected');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(view.confirmations).toContainText('Saved');
  const drawer = await openInspector(page);
  const call = await choose(drawer, /UpdateUser OK/);
  await expect(call).toContainText(/of 10 s \([\d.]+ %\)/);
  await expect(call).toContainText('HTTP 200');
  await expect(call.getByRole('figure', { name: 'Request' })).toContainText('"name": "Ins Pected"');
  await expect(call.getByRole('figure', { name: 'Answer' })).toContainText(people.tag);
  await call.getByText('Metadata').click();
  await expect(call.getByRole('term').filter({ hasText: 'x-request-id' }).first()).toBeVisible();
});

test('a refused call shows its status with the details decoded', async ({ page, people, console: view }) => {
  const { email } = await people.create('Taken Email');
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').fill('Second');
  await fieldOf(panel, 'Email').fill(email);
  await panel.getByRole('button', { name: 'Create user' }).click();
  await expect(panel.getByRole('alert').first()).toBeVisible();
  const call = await choose(await openInspector(page), /CreateUser ALREADY_EXISTS/);
  const details = call.getByRole('figure', { name: 'Status details' });
  await expect(details).toContainText('google.rpc.ErrorInfo');
  await expect(details).toContainText('"field": "email"');
});

test('the feed shows its frames with the events in them, as they come', async ({ page, people, console: view }) => {
  const drawer = await openInspector(page);
  const call = await choose(drawer, /ListUsers open/);
  await expect(call.locator('summary', { hasText: /begin|resumed/ })).toContainText('heartbeat every');
  await people.create('Feed Event');
  await expect(view.row('Feed Event')).toBeVisible();
  const changes = call.locator('summary', { hasText: 'changes' }).last();
  await expect(changes).toContainText('1 upsert');
  await changes.click();
  await expect(call.getByRole('figure', { name: 'Frame changes' })).toContainText('Feed Event');
});

test('the filter, pausing, clearing and saving work', async ({ page, people, console: view }) => {
  await people.create('Saved Recording');
  await view.open('Saved Recording');
  const drawer = await openInspector(page);
  const rows = drawer.getByRole('option');
  const filter = drawer.getByRole('textbox', { name: /Filter calls/ });
  await filter.fill('listusers open');
  await expect(rows).toHaveCount(1);
  await filter.fill('no such method');
  await expect(drawer.getByText('No call matches the filter.')).toBeVisible();
  await filter.fill('');
  const download = page.waitForEvent('download');
  await drawer.getByRole('button', { name: 'Save' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^roster-wire-.*\.json$/);
  const recording: unknown = JSON.parse(await readFile(await saved.path(), 'utf8'));
  expect(recording).toMatchObject({ format: 'roster.wire', version: 1 });
  expect(JSON.stringify(recording)).toContain('Saved Recording');
  await drawer.getByRole('button', { name: 'Clear' }).click();
  await expect(drawer.getByRole('option', { name: /OK/ })).toHaveCount(0);
  await drawer.getByRole('button', { name: 'Pause' }).click();
  await expect(drawer.getByText(', paused')).toBeVisible();
  await view.setFilter(`${people.filter} AND name:Saved`);
  await expect(view.row('Saved Recording')).toBeVisible();
  await expect(drawer.getByRole('option', { name: /OK/ })).toHaveCount(0);
  await drawer.getByRole('button', { name: 'Resume' }).click();
  await view.setFilter(people.filter);
  await expect(drawer.getByRole('option', { name: /ListUsers/ })).not.toHaveCount(0);
});

test('a call is copied as grpcurl', async ({ page, context, people, console: view }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await people.create('Before');
  const panel = await view.open('Before');
  await fieldOf(panel, 'Name').fill(`O'Neill`);
  await panel.getByRole('button', { name: 'Save' }).click();
  const call = await choose(await openInspector(page), /UpdateUser OK/);
  await call.getByRole('button', { name: 'Copy as grpcurl' }).click();
  await expect(call.getByRole('status')).toHaveText('Copied');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(
    /^grpcurl -plaintext -max-time 10 -H "authorization: Bearer \$ROSTER_TOKEN" -d '\{.*\}' "localhost:\$\{ROSTER_GRPC_PORT:-50051\}" userservice\.v1\.UserService\/UpdateUser$/,
  );
  expect(text).toContain(String.raw`"name":"O'\''Neill"`);
});

test('it is opened, walked and closed by keyboard alone, and the focus goes back', async ({
  page,
  people,
  console: view,
}) => {
  const { keyboard } = page;
  await people.create('Key Board');
  await view.grid.focus();
  await keyboard.press('i');
  const drawer = page.getByRole('region', { name: 'Wire inspector' });
  await expect(drawer.getByRole('listbox', { name: 'Calls' })).toBeFocused();
  await keyboard.press('Home');
  await expect(drawer.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Enter');
  await expect(drawer.getByRole('region', { name: /^Call / })).toBeFocused();
  await keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await expect(view.grid).toBeFocused();
  await keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Wire inspector');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`it has no fault that axe finds, wide and narrow, in ${colorScheme}`, async ({
    page,
    people,
    console: view,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await people.create('Axe Person');
    await expect(view.row('Axe Person')).toBeVisible();
    await expect(await openInspector(page)).toBeVisible();
    await expectNoFaults(page, 'list of calls');
    const drawer = page.getByRole('region', { name: 'Wire inspector' });
    const call = await choose(drawer, /ListUsers open/);
    await call.locator('summary', { hasText: 'changes' }).last().click();
    await expect(drawer).toBeVisible();
    await expectNoFaults(page, 'a stream');
    await drawer.getByRole('button', { name: 'Close the inspector' }).click();
    await page.setViewportSize({ width: 375, height: 812 });
    await page.getByRole('button', { name: 'Inspector' }).click();
    const sheet = page.getByRole('dialog', { name: 'Wire inspector' });
    await choose(sheet, /ListUsers open/);
    await expect(sheet).toBeVisible();
    await expectNoFaults(page, 'a stream in a sheet');
    await sheet.getByRole('button', { name: 'Back to the calls' }).click();
    await expect(sheet.getByRole('listbox', { name: 'Calls' })).toBeVisible();
  });
}

async function openInspector(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Inspector' }).click();
  const drawer = page.getByRole('region', { name: 'Wire inspector' });
  await expect(drawer).toBeVisible();
  return drawer;
}

async function choose(drawer: Locator, name: RegExp): Promise<Locator> {
  await drawer.getByRole('option', { name }).last().click();
  const call = drawer.getByRole('region', { name: /^Call / });
  await expect(call).toBeVisible();
  return call;
}
