import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { findEnvoy } from './find-envoy.ts';
import { runEnvoy } from './run-envoy.ts';
import { startEdge, testEnvoy } from './testing/start-edge.ts';
import { validate } from './validate.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roster-envoy-'));
  folders.push(folder);
  return folder;
}

const local = (port: number) => ({ host: '127.0.0.1', port });
const settings = {
  edge: local(0),
  native: local(0),
  adminPort: 0,
  hosts: [],
  origins: [],
  backends: [],
  web: local(1),
};

test('Envoy accepts the configuration as it is and as a start writes it', { timeout: 120_000 }, async () => {
  await validate(await testEnvoy());
});

test('two run side by side on free ports, and a stop leaves no process', { timeout: 60_000 }, async () => {
  const [first, second] = await Promise.all([startEdge({}), startEdge({})]);
  const { pid, edgePort } = first.envoy;
  expect(edgePort).not.toBe(second.envoy.edgePort);
  for (const { envoy } of [first, second])
    expect((await fetch(`http://localhost:${envoy.edgePort}/`)).status).toBe(200);
  await Promise.all([first.stop(), second.stop()]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a port in use fails the start with one line that says so', { timeout: 60_000 }, async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const started = runEnvoy({
      binary: await testEnvoy(),
      runFolder: makeFolder(),
      concurrency: 1,
      readyTimeoutMs: 0,
      settings: { ...settings, edge: local(port) },
    });
    await expect(started).rejects.toThrow(/^Envoy did not start: [^\n]*(bind|in use)[^\n]*$/);
  } finally {
    taken.close();
  }
});

test('without a healthy server it is not ready, and the failed start leaves no process', {
  timeout: 60_000,
}, async () => {
  const started = runEnvoy({
    binary: await testEnvoy(),
    runFolder: makeFolder(),
    concurrency: 1,
    readyTimeoutMs: 300,
    settings: { ...settings, backends: [local(1)] },
  });
  await expect(started).rejects.toThrow('Envoy is running but does not have a healthy server for backend');
});

test('ENVOY_PATH is used as it is, and refused by name if it is no program', async () => {
  const folder = makeFolder();
  const envoyPath = join(folder, 'my-envoy');
  await expect(findEnvoy({ folder, envoyPath })).rejects.toThrow(`ENVOY_PATH names ${envoyPath}`);
  writeFileSync(envoyPath, '');
  chmodSync(envoyPath, 0o755);
  expect(await findEnvoy({ folder, envoyPath })).toBe(envoyPath);
});

test('an Envoy on the PATH is used only if it has the version of the configuration', async () => {
  const [old, right] = [makeFolder(), makeFolder()];
  for (const [folder, version] of [
    [old, '1.22.0'],
    [right, '1.40.2'],
  ] as const) {
    writeFileSync(join(folder, 'envoy'), `#!/bin/sh\necho "envoy  version: abc/${version}/Clean/RELEASE/BoringSSL"\n`);
    chmodSync(join(folder, 'envoy'), 0o755);
  }
  expect(await findEnvoy({ folder: old, searchPath: `${old}:${right}` })).toBe(join(right, 'envoy'));
});
