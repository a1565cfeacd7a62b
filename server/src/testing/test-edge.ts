import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningEnvoy, runEnvoy } from '@roster/envoy/run-envoy';
import { testEnvoy } from '@roster/envoy/testing/start-edge';
import { onTestFinished } from 'vitest';
import type { TestApp } from './test-app.ts';

export interface TestEdge {
  readonly envoy: RunningEnvoy;
  /** Where browsers call. */
  readonly origin: string;
}

/** The real Envoy with the real configuration before a server; ends with the test. `trustedHops`: so many proxies stand before it. `configText`: in place of what is committed. */
export async function startTestEdge(
  { app }: { readonly app: Pick<TestApp['app'], 'port'> },
  { trustedHops = 0, configText }: { readonly trustedHops?: number; readonly configText?: string } = {},
): Promise<TestEdge> {
  const runFolder = mkdtempSync(join(tmpdir(), 'roster-test-edge-'));
  const web = createServer((_, response) => response.end('<!doctype html>'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const local = (port: number) => ({ host: '127.0.0.1', port });
  const envoy = await runEnvoy({
    binary: await testEnvoy(),
    runFolder,
    concurrency: 1,
    configText,
    settings: {
      edge: local(0),
      native: local(0),
      adminPort: 0,
      hosts: [],
      origins: [],
      trustedHops,
      backends: [local(app.port)],
      web: local((web.address() as AddressInfo).port),
    },
  });
  onTestFinished(async () => {
    await envoy.stop();
    web.closeAllConnections();
    web.close();
    rmSync(runFolder, { recursive: true });
  });
  return { envoy, origin: `http://127.0.0.1:${envoy.edgePort}` };
}
