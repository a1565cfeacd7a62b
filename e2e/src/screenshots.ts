import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { findChromium } from '@roster/stack/find-chromium';
import { askHost } from '@roster/stack/host-program';
import { inRoot } from '@roster/stack/paths';
import type { Stack } from '@roster/stack/stack';
import { choose, consoleOn, fieldOf, openConsole } from './console.ts';
import type { DynamicClient } from './dynamic-client.ts';
import { historyOn, openHistory } from './history.ts';
import { clientOfGivenContract } from './native-clients.ts';
import { startOwnStack } from './own-stack.ts';
import { seedPeople } from './seed.ts';
import { createToken, inviteAndSignIn, type SignedIn } from './sign-in.ts';

/** `pnpm screenshots`: makes `docs/images/*.png` of a stack of its own, so that pictures and product never part. */

const folder = inRoot('docs/images');
const seeded = 12_400;
const me = { name: 'Ines Marquardt', email: 'ines.marquardt@example.org', role: UserRole.ADMIN };
const sizes = {
  usual: { width: 1280, height: 800 },
  wide: { width: 1920, height: 1080 },
  narrow: { width: 375, height: 812 },
} as const;

interface Look {
  readonly size?: keyof typeof sizes;
  readonly colorScheme?: 'light' | 'dark';
  /** As somebody who has not signed in. */
  readonly isVisitor?: boolean;
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
  const token = await createToken(stack.databaseUrl);
  const visitor = { stack, client: clientOfGivenContract(stack.grpcUrl, token) };
  await takeSetup({
    ...visitor,
    take: (name, look, arrange) => take(browser, stack.url, undefined, name, look, arrange),
  });
  const admin = await inviteAndSignIn(stack.url, token, me);
  const { client } = visitor;
  const studio: Studio = {
    stack,
    client,
    take: (name, look, arrange) => take(browser, stack.url, admin, name, look, arrange),
  };
  try {
    await takeFirst(studio);
    await seedPeople(stack.databaseUrl, seeded);
    await takeLists(studio);
    await takeForms(studio);
    await takeSignIn(studio);
    await takeAccount(studio);
    await takeHistory(studio);
    await takeBin(studio);
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
  admin: SignedIn | undefined,
  name: string,
  { size = 'usual', colorScheme = 'light', isVisitor = false }: Look,
  arrange: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({
    baseURL: url,
    storageState: { cookies: admin && !isVisitor ? [admin.cookie] : [], origins: [] },
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

async function takeSetup({ take, stack }: Studio): Promise<void> {
  await take('no-admin', {}, async (page) => {
    await page.goto('/users');
    await page.getByRole('heading', { name: 'There is no admin yet' }).waitFor();
  });
  const link = await askHost(stack.databaseUrl, ['admin', 'recover']);
  await take('setup', {}, async (page) => {
    await page.goto(link);
    await page.getByRole('heading', { name: 'Set up Roster' }).waitFor();
  });
}

async function takeFirst({ take }: Studio): Promise<void> {
  await take('first', {}, async (page) => {
    await openConsole(page);
    await firstRow(page).waitFor();
  });
  await take('empty-bin', {}, async (page) => {
    await page.goto('/bin');
    await page.getByRole('heading', { name: 'The bin is empty' }).waitFor();
  });
}

async function takeSignIn({ take }: Studio): Promise<void> {
  const open = async (page: Page) => {
    await page.goto('/users');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  };
  await take('sign-in', { isVisitor: true }, open);
  await take('sign-in-dark', { isVisitor: true, colorScheme: 'dark' }, open);
  await take('sign-in-narrow', { isVisitor: true, size: 'narrow' }, open);
}

async function takeAccount({ take }: Studio): Promise<void> {
  const open = async (page: Page) => {
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  };
  await take('account', {}, open);
  await take('account-dark', { colorScheme: 'dark' }, open);
  await take('account-narrow', { size: 'narrow' }, open);
  const tokens = async (page: Page) => {
    await page.goto('/tokens');
    await page.getByRole('cell', { name: 'End-to-end tests' }).first().waitFor();
  };
  await take('tokens', {}, tokens);
  await take('tokens-narrow', { size: 'narrow' }, tokens);
}

async function takeHistory({ take }: Studio): Promise<void> {
  const open = async (page: Page) => {
    const view = await openHistory(page);
    await view.entries.first().waitFor();
  };
  await take('history', {}, async (page) => {
    await open(page);
    await historyOn(page).unfold(/Lindqvist|Moreau|changed/);
  });
  await take('history-dark', { colorScheme: 'dark' }, open);
  await take('history-narrow', { size: 'narrow' }, open);
  await take('sign-ins', {}, async (page) => {
    await page.goto('/history/sign-ins');
    await page.getByRole('article').first().waitFor();
  });
}

async function takeBin({ take, client }: Studio): Promise<void> {
  const { messages } = await client.read('ListUsers', { page_size: 6 });
  for (const { id } of messages.slice(2)) await client.unary('DeleteUser', { id });
  const open = async (page: Page) => {
    await page.goto('/bin');
    await page.getByRole('table', { name: 'Deleted people' }).getByRole('row').nth(2).waitFor();
  };
  await take('bin', {}, open);
  await take('bin-narrow', { size: 'narrow' }, open);
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
  const { messages } = await client.read('ListUsers', { page_size: 12, filter: 'role = VIEWER' });
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
