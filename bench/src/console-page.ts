import { signInAdmin } from '@roster/e2e/sign-in';
import { findChromium } from '@roster/stack/find-chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { BenchStack } from './stack.ts';

/** The console in a real browser, its list shown and live. */
export interface ConsolePage {
  readonly page: Page;
  /** The names that the rows show, from the first row on. */
  shownNames(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openConsole({ stack: { url }, token }: BenchStack): Promise<ConsolePage> {
  const admin = await signInAdmin(url, token);
  const browser: Browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      storageState: { cookies: [admin.cookie], origins: [] },
    });
    await page.goto(`${url}/users`);
    await page.locator('[data-column="name"] bdi').first().waitFor();
    return {
      page,
      shownNames: () => page.evaluate(readNames),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Runs in the page. */
function readNames(): readonly string[] {
  const rows = [...document.querySelectorAll('[role="row"][data-index]')];
  rows.sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')));
  return rows.map((row) => row.querySelector('[data-column="name"] bdi')?.textContent ?? '');
}

/** Waits until the page shows the names from its first row on, or says what is wrong when time is up. */
export async function untilShown(console: ConsolePage, names: readonly string[], timeoutMs = 20_000): Promise<string> {
  for (const giveUpAt = Date.now() + timeoutMs; ; await console.page.waitForTimeout(200)) {
    const shown = await console.shownNames();
    const wrong = shown.findIndex((name, at) => name !== names[at]);
    if (shown.length > 0 && wrong < 0) return '';
    if (Date.now() > giveUpAt) return `row ${wrong} shows “${shown[wrong]}” and not “${names[wrong]}”`;
  }
}
