import { expect, test } from 'vitest';
import { findRunner, runConformance } from './run.ts';

const tools = findRunner(process.env);
const name = 'passes every case of the connectrpc conformance suite for gRPC-Web clients';

if ('missing' in tools) {
  test.skip(`${name} (${tools.missing})`, () => undefined);
} else {
  test(name, { timeout: 120_000 }, () => {
    const { passed, failed, output } = runConformance(tools);
    expect(failed, output).toBe(0);
    expect(passed).toBeGreaterThanOrEqual(148);
  });
}
