import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'esbuild';
import { otherOrigin } from '../other-origin.ts';

/** What the page of another origin can be told to do. Every member runs in the browser. */
export interface StockPage {
  /** Creates, reads, renames, lists and deletes a person. */
  useEveryMethod(person: Person, filter: string): Promise<Visit>;
  /** The code with which a create ends. */
  codeOfCreate(person: Person): Promise<string>;
  /** The code with which a list under a deadline ends. */
  codeOfSlowList(timeoutMs: number): Promise<string>;
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface Visit {
  readonly created: string;
  readonly read: string;
  readonly updated: string;
  readonly listed: readonly string[];
  readonly total: string;
  /** What a change says once the person is deleted. */
  readonly afterDelete: string;
}

declare global {
  /** Made by `client.ts` on the page of the other origin. */
  var createStockPage: (baseUrl: string, token: string) => StockPage;
}

/** Shows a page of another origin that holds nothing but the stock client. Nothing listens there: Playwright answers for it. */
export async function openStockPage(page: Page): Promise<void> {
  const script = await bundle();
  await page.route(`${otherOrigin}/**`, (route) => {
    const isScript = new URL(route.request().url()).pathname === '/client.js';
    return isScript
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><title>Other</title><script src="/client.js"></script>',
        });
  });
  // The browser takes a page that came from no network for one of the internet, which may call this machine only if it is let.
  await page.context().grantPermissions(['local-network-access'], { origin: otherOrigin });
  await page.goto(`${otherOrigin}/`);
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'client.ts')],
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (!file) throw new Error('the client of the other origin was not built');
  return file.text;
}
