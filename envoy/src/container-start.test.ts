import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { configFile } from './run-envoy.ts';
import { testEnvoy } from './testing/start-edge.ts';

const script = fileURLToPath(new URL('../../docker/envoy-start.sh', import.meta.url));

/** Runs what the container runs, with an Envoy that judges the configuration and ends. */
async function startContainer(environment: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'roster-container-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(await testEnvoy(), join(folder, 'envoy'));
  const args = [script, fileURLToPath(configFile), '--mode', 'validate', '-l', 'warning'];
  const env = { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: folder, ...environment };
  const { status, stderr } = spawnSync('bash', args, { env, encoding: 'utf8' });
  return { status, stderr, written: () => readFileSync(join(folder, 'envoy.yaml'), 'utf8') };
}

test('the container takes the number of proxies before it from its environment, and nothing else of the configuration is another', async () => {
  const committed = readFileSync(configFile, 'utf8');
  const [plain, empty, one] = [
    await startContainer({}),
    await startContainer({ ROSTER_TRUSTED_HOPS: '' }),
    await startContainer({ ROSTER_TRUSTED_HOPS: '1' }),
  ];
  expect([plain.status, empty.status, one.status]).toEqual([0, 0, 0]);
  expect(plain.written()).toBe(committed);
  expect(empty.written()).toBe(committed);
  expect(one.written()).toContain('xff_num_trusted_hops: 1 ');
  expect(one.written().replace('xff_num_trusted_hops: 1', 'xff_num_trusted_hops: 0')).toBe(committed);
});

test.each(['-1', '10', 'private', '1/e'])(
  'the container does not start with ROSTER_TRUSTED_HOPS=%s, and says so',
  async (hops) => {
    const { status, stderr } = await startContainer({ ROSTER_TRUSTED_HOPS: hops });
    expect(status).toBe(1);
    expect(stderr).toContain('ROSTER_TRUSTED_HOPS must be a whole number from 0 to 9');
  },
);
