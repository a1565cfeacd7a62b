import { brotliCompressSync, constants } from 'node:zlib';
import { signInAdmin } from '@roster/e2e/sign-in';
import { findChromium } from '@roster/stack/find-chromium';
import { chromium } from 'playwright-core';
import type { Result } from '../report.ts';
import { startFilledStack } from '../stack.ts';

interface Loaded {
  readonly path: string;
  readonly kind: string;
  readonly brotliBytes: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** Runs in the page: notes when the first row stands in the document. */
function noteFirstRow(selector: string): void {
  const watch = new MutationObserver(() => {
    if (!document.querySelector(selector)) return;
    document.documentElement.dataset['rowsAt'] = String(Date.now());
    watch.disconnect();
  });
  watch.observe(document, { childList: true, subtree: true });
}

/** A row of the list that shows somebody, and not the bars before. */
const drawnRow = '[role="row"][data-index]:not([aria-busy])';

/** What a browser asks for until the list shows rows, each file in brotli as the static server keeps it. */
export async function measureFirstLoad(): Promise<readonly Result[]> {
  const { stack, token, stop } = await startFilledStack(1000);
  const admin = await signInAdmin(stack.url, token);
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ storageState: { cookies: [admin.cookie], origins: [] } });
    const loaded: Promise<Loaded>[] = [];
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      const startedAt = response.request().timing().startTime;
      loaded.push(
        response.body().then(
          (body) => ({
            path: pathname,
            kind: response.request().resourceType(),
            brotliBytes: compressedSize(pathname, body),
            startedAt,
          }),
          () => ({ path: pathname, kind: 'stream', brotliBytes: 0, startedAt }),
        ),
      );
    });
    await page.addInitScript(noteFirstRow, drawnRow);
    await page.goto(`${stack.url}/users`);
    await page.locator(drawnRow).first().waitFor();
    const shown = await page.locator(drawnRow).count();
    // The feed stays open: its body has no end and counts as nothing.
    const all = await Promise.all(loaded.map((one) => Promise.race([one, stillOpen()])));
    // What the page fetches in its idle time afterwards is no part of it.
    const rowsAt = Number(await page.locator('html').getAttribute('data-rows-at'));
    const requests = all.filter(({ startedAt }) => startedAt <= rowsAt);
    return results(requests, shown);
  } finally {
    await browser.close();
    await stop();
  }
}

async function stillOpen(): Promise<Loaded> {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return { path: 'a stream that stays open', kind: 'stream', brotliBytes: 0, startedAt: 0 };
}

function results(requests: readonly Loaded[], shownRows: number): readonly Result[] {
  const code = requests.filter(({ kind }) => kind === 'script' || kind === 'stylesheet');
  const gate = { name: 'the list shows rows', holds: shownRows > 0 };
  const kib = (loaded: readonly Loaded[]) => loaded.reduce((sum, one) => sum + one.brotliBytes, 0) / 1024;
  const details = requests.map(
    ({ path, kind, brotliBytes }) => `${(brotliBytes / 1024).toFixed(1).padStart(7)} KiB  ${kind.padEnd(10)} ${path}`,
  );
  return [
    {
      name: 'first load, script and style',
      measured: 'brotli, until the list shows rows',
      value: kib(code),
      unit: 'KiB',
      goal: 120,
      gate,
      details,
    },
    {
      name: 'first load, everything',
      measured: 'brotli, all requests together',
      value: kib(requests),
      unit: 'KiB',
      goal: 180,
      gate,
      details: [],
    },
    {
      name: 'first load, requests',
      measured: 'until the list shows rows',
      value: requests.length,
      unit: 'requests',
      goal: 10,
      gate,
      details: [],
    },
  ];
}

/** Fonts are compressed by themselves; answers of the API count as they are. */
function compressedSize(path: string, body: Buffer): number {
  if (path.endsWith('.woff2') || path.startsWith('/userservice')) return body.length;
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
