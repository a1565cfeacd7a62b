import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findChromium } from '@roster/stack/find-chromium';
import { inRoot } from '@roster/stack/paths';
import type { Stack } from '@roster/stack/stack';
import { choose, consoleOn, fieldOf, openConsole } from './console.ts';
import type { DynamicClient } from './dynamic-client.ts';
import { clientOfGivenContract } from './native-clients.ts';
import { startOwnStack } from './own-stack.ts';
import { seedPeople } from './seed.ts';

/** `pnpm screenshots`: makes `docs/images/*.png` of a stack of its own, so that pictures and product never part. */

const folder = inRoot('docs/images');
const seeded = 12_400;
const sizes = {
  usual: { width: 1280, height: 800 },
  wide: { width: 1920, height: 1080 },
  narrow: { width: 375, height: 812 },
} as const;

interface Look {
  readonly size?: keyof typeof sizes;
  readonly colorScheme?: 'light' | 'dark';
}

/** What a picture is made with. */
interface Studio {
  readonly stack: Stack;
  readonly client: DynamicClient;
  /** Opens a window, lets `arrange` bring it into the state, and keeps the picture under the name. */
  take(name: string, look: Look, arrange: (page: Page) => Promise<void>): Promise<void>;
}

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const stack = await startOwnStack({ say: console.log });
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const client = clientOfGivenContract(stack.grpcUrl);
  const studio: Studio = {
    stack,
    client,
    take: (name, look, arrange) => take(browser, stack.url, name, look, arrange),
  };
  try {
    await takeEmpty(studio);
    await seedPeople(stack.databaseUrl, seeded);
    await takeLists(studio);
    await takeForms(studio);
    await takeWithoutServer(studio);
  } finally {
    client.close();
    await browser.close();
    await stack.stop();
  }
}

async function take(
  browser: Browser,
  url: string,
  name: string,
  { size = 'usual', colorScheme = 'light' }: Look,
  arrange: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({
    baseURL: url,
    viewport: sizes[size],
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    deviceScaleFactor: size === 'narrow' ? 2 : 1,
  });
  await arrange(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
  await page.close();
  console.log(`docs/images/${name}.png`);
}

async function takeEmpty({ take }: Studio): Promise<void> {
  await take('empty', {}, async (page) => {
    await openConsole(page);
    await page.getByRole('heading', { name: 'No people yet' }).waitFor();
  });
}

async function takeLists({ take }: Studio): Promise<void> {
  const list = async (page: Page) => {
    const view = await openConsole(page);
    await firstRow(page).waitFor();
    await view.total.waitFor();
  };
  await take('list-light', {}, list);
  await take('list-dark', { colorScheme: 'dark' }, list);
  await take('list-wide', { size: 'wide' }, list);
  await take('list-narrow', { size: 'narrow' }, list);
  await take('filtered', {}, async (page) => {
    await openConsole(page, 'role = ADMIN AND created_at > 2024-01-01');
    await firstRow(page).waitFor();
  });
  await take('no-match', {}, async (page) => {
    await openConsole(page, 'role = ADMIN AND address.city = "Atlantis"');
    await page.getByRole('heading', { name: 'No one matches' }).waitFor();
  });
  await take('filter-mistake', {}, async (page) => {
    await list(page);
    const view = consoleOn(page);
    await view.setFilter('role = ADMIN AND created_att > 2024-01-01');
    await view.filterMistake.waitFor();
  });
}

async function takeForms({ take, client }: Studio): Promise<void> {
  const { messages } = await client.read('ListUsers', { page_size: 12 });
  const person = messages.find(({ name }) => /^[A-Z][a-z]+ [A-Z][a-z]+$/.test(String(name))) ?? messages[0];
  const id = String(person?.['id']);
  const name = String(person?.['name']);
  const [firstName = name] = name.split(' ');
  const panelOf = (page: Page) => consoleOn(page).panel;
  const open = async (page: Page) => {
    await page.goto(`/users?user=${id}`);
    await firstRow(page).waitFor();
    await panelOf(page).getByRole('heading', { name }).waitFor();
  };
  await take('panel', {}, open);
  await take('panel-dark', { colorScheme: 'dark' }, open);
  await take('panel-narrow', { size: 'narrow' }, async (page) => {
    await page.goto(`/users?user=${id}`);
    await page.getByRole('heading', { name }).waitFor();
  });
  await take('page', {}, async (page) => {
    await page.goto(`/users/${id}`);
    await page.getByRole('heading', { name }).waitFor();
  });
  await take('editing', {}, async (page) => {
    await open(page);
    await fieldOf(panelOf(page), 'Name').fill(`${firstName} Lindqvist`);
    await choose(panelOf(page), 'Role', 'Admin');
  });
  await take('conflict', {}, async (page) => {
    await open(page);
    await fieldOf(panelOf(page), 'Name').fill(`${firstName} Lindqvist`);
    await client.unary('UpdateUser', { id, user: { name: `${firstName} Moreau` }, update_mask: { paths: ['name'] } });
    await panelOf(page)
      .getByRole('button', { name: /Keep mine/ })
      .waitFor();
  });
  await take('create-violations', {}, async (page) => {
    await openConsole(page);
    await firstRow(page).waitFor();
    const panel = await consoleOn(page).openNew();
    await fieldOf(panel, 'Name').fill('Ada Lovelace');
    await fieldOf(panel, 'Email').fill(String(person?.['email']));
    await panel.getByRole('button', { name: 'Create user' }).click();
    await panel.getByRole('alert').first().waitFor();
  });
}

async function takeWithoutServer({ take, stack }: Studio): Promise<void> {
  await take('reconnecting', {}, async (page) => {
    await openConsole(page);
    await firstRow(page).waitFor();
    await stack.servers[0]?.kill();
    await consoleOn(page)
      .connection.filter({ hasText: /Reconnecting in/ })
      .waitFor();
  });
  await take('error', {}, async (page) => {
    await page.goto('/users');
    await page.getByRole('alert').first().waitFor();
  });
}

function firstRow(page: Page) {
  return page.getByRole('grid', { name: 'Users' }).locator('[data-index]:has(a)').first();
}

await main();
