import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEnvoy } from '../find-envoy.ts';
import type { Address } from '../render-config.ts';
import { runEnvoy } from '../run-envoy.ts';
import { readTestConfig } from './config.ts';
import { startGrpcBackend } from './grpc-backend.ts';

type Options = {
  readonly origins?: readonly string[];
  readonly hosts?: readonly string[];
  readonly trustedHops?: number;
  /** Further servers behind it. */
  readonly backends?: readonly Address[];
  /** In place of the committed configuration. */
  readonly configText?: string;
};

/** The real Envoy with the real configuration on free ports, a stand-in server and a page of one line behind it. */
export async function startEdge(options: Options) {
  const binary = await testEnvoy();
  const runFolder = mkdtempSync(join(tmpdir(), 'roster-edge-'));
  const backend = await startGrpcBackend();
  const web = createServer((_, response) => response.end('<!doctype html>'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const local = (port: number) => ({ host: '127.0.0.1', port });
  const envoy = await runEnvoy({
    binary,
    runFolder,
    concurrency: 1,
    ...(options.configText !== undefined && { configText: options.configText }),
    settings: {
      edge: local(0),
      native: local(0),
      adminPort: 0,
      hosts: options.hosts ?? [],
      origins: options.origins ?? [],
      ...(options.trustedHops !== undefined && { trustedHops: options.trustedHops }),
      backends: [local(backend.port), ...(options.backends ?? [])],
      web: local((web.address() as AddressInfo).port),
    },
  });
  return {
    backend,
    envoy,
    stop: async () => {
      await envoy.stop();
      await backend.stop();
      web.closeAllConnections();
      web.close();
      rmSync(runFolder, { recursive: true });
    },
  };
}

/** The Envoy that the checkout's own start uses, so that tests do not download a second one. */
export function testEnvoy(): Promise<string> {
  const folder = fileURLToPath(new URL('../../../.roster/envoy', import.meta.url));
  return findEnvoy({ folder, ...readTestConfig() });
}
