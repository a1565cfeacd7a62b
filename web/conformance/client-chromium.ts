import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type * as Playwright from '@playwright/test';
import { serveRunner } from './sized-messages.ts';

const [, , pageScript = '', playwrightFrom = '', executablePath = ''] = process.argv;

/** Drives the transport inside an empty page of Chromium, which has the only `fetch` here that speaks HTTP/2. */
async function main(): Promise<void> {
  const { chromium }: typeof Playwright = createRequire(playwrightFrom)('@playwright/test');
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page has no port.');
  const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) });
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await page.addScriptTag({ content: readFileSync(pageScript, 'utf8') });
  await serveRunner(async (request) => {
    const call = `answerRunner(${JSON.stringify(Buffer.from(request).toString('base64'))})`;
    return Buffer.from(await page.evaluate<string>(call), 'base64');
  });
  await browser.close();
}

await main();
process.exit(0);
