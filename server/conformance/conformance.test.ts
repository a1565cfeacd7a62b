import { beforeAll, expect, test } from 'vitest';
import { findTools } from '../../web/conformance/find-tools.ts';
import { type ConformanceResult, prepare, summaryOf, type Way } from './run.ts';

const tools = findTools(process.env);
const timeout = 180_000;

/** The numbers are what each way passed when it was written; a suite that runs fewer cases proves less. */
const promises: readonly (readonly [promise: string, way: Way, passed: number])[] = [
  ['gRPC-Web through Envoy passes the conformance suite for servers, but for what the list names', 'edge', 272],
  ['plain gRPC through Envoy passes it, but for what its list names', 'native', 195],
  ['plain gRPC without Envoy passes it, but for what its list names', 'direct', 192],
];

if ('missing' in tools) {
  for (const [promise] of promises) test.skip(`${promise} (skipped; ${tools.missing})`, () => undefined);
} else {
  let runWay: (way: Way) => Promise<ConformanceResult>;
  beforeAll(async () => {
    runWay = await prepare(tools);
  }, timeout);

  test.each(promises)('%s', { timeout }, async (_, way, passed) => {
    const result = await runWay(way);
    console.log(summaryOf(way, result));
    expect(result.isAsListed, result.output).toBe(true);
    expect(result.passed).toBeGreaterThanOrEqual(passed);
  });
}
