import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeAll, expect, test, vi } from 'vitest';
import { buildAnew } from './build.ts';
import { inRoot, root } from './paths.ts';

/** Settings that are secret, or lead to one, as they may stand in the environment of whoever builds. */
const planted = {
  DATABASE_URL: 'postgres://roster:canary-database-51f0@db.canary.example/roster',
  SMTP_URL: 'smtps://roster:canary-mail-77ab@mail.canary.example',
  ROSTER_TOKEN: 'ua_canaryTokenId_CanarySecretCanarySecretCanarySecretCanaryS0000000',
  ROSTER_OIDC_CLIENT_SECRET_FILE: '/run/canary/oidc-client-secret',
  ROSTER_DATABASE_PASSWORD_FILE: '/run/canary/database-password',
};

/** All that is built, as text; what is packed, unpacked. */
function readBuilt(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const bytes = readFileSync(join(parentPath, name));
      const plain = name.endsWith('.br')
        ? brotliDecompressSync(bytes)
        : name.endsWith('.gz')
          ? gunzipSync(bytes)
          : bytes;
      return [name, plain.toString('latin1')];
    }),
  );
}

let built: ReadonlyMap<string, string>;

beforeAll(async () => {
  // Beside the sources, as all that is built: maps name them from where they lie.
  mkdirSync(inRoot('stack/.cache'), { recursive: true });
  const folder = mkdtempSync(inRoot('stack/.cache/build-'));
  for (const [name, value] of Object.entries(planted)) vi.stubEnv(name, value);
  await buildAnew(folder);
  built = readBuilt(folder);
  vi.unstubAllEnvs();
  return () => rmSync(folder, { recursive: true });
}, 180_000);

test('32., 36. and 47. what is built holds no secret of whoever built it, none that tests plant, no person of theirs, and no path or name of the machine', () => {
  const holding = (text: string) => [...built].filter(([, content]) => content.includes(text)).map(([name]) => name);
  // What is looked for would be found: a sentence of each side, in all the forms it is built into.
  expect(holding('You are not signed in')).toEqual(expect.arrayContaining([expect.stringMatching(/\.js$/)]));
  expect(holding('This page has stopped working').some((name) => name.endsWith('.br'))).toBe(true);

  const secrets = ['canary', 'correct horse battery', 'people.example'];
  const machine = [root, homedir(), hostname()].filter((name) => name.length > 5);
  for (const each of [...secrets, ...machine]) expect(holding(each), each).toEqual([]);
});

test('the page that tests build is the one that is served: for production, with the narrowed font', () => {
  expect(process.env).toMatchObject({ NODE_ENV: 'test', VITEST: 'true' });
  const forDevelopment = [...built].filter(([name, text]) => name.endsWith('.js') && text.includes('React DevTools'));
  expect(forDevelopment.map(([name]) => name)).toEqual([]);
  const sizeOf = (name: string) => [...built].find(([each]) => each.startsWith(name))?.[1].length;
  const whole = readFileSync(inRoot('web/node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'));
  expect(sizeOf('inter-latin-wght-normal')).toBeLessThan(whole.length * 0.8);
});
