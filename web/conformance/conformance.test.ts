import { expect, test } from 'vitest';
import { findChromium, findTools } from './find-tools.ts';
import { runInChromium, runInNode } from './run.ts';

const tools = findTools(process.env);
const chromium = findChromium(process.env);
const inNode = '46. passes every case of the connectrpc conformance suite for gRPC-Web clients';
const inChromium = '46. passes every case of it in Chromium too, over HTTP/1 and HTTP/2, with TLS and without';
const timeout = 180_000;

if ('missing' in tools) {
  test.skip(`${inNode} (${tools.missing})`, () => undefined);
} else {
  test(inNode, { timeout }, async () => {
    const { passed, failed, output } = await runInNode(tools);
    expect(failed, output).toBe(0);
    expect(passed).toBeGreaterThanOrEqual(148);
  });

  test.skipIf(!chromium)(inChromium, { timeout }, async () => {
    const { passed, failed, output } = await runInChromium(tools, chromium ?? '');
    expect(failed, output).toBe(0);
    expect(passed).toBeGreaterThanOrEqual(336);
  });
}
