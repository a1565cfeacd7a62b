import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRoot } from './paths.ts';
import { binary } from './steps.ts';

/** Each row is an import that must be refused: the rule, the file, what it imports. */
const refused = [
  ['proto-below-all', 'proto/src/a.ts', '../../server/src/app.ts'],
  ['sides-apart', 'server/src/b.ts', '../../web/src/lib/x.ts'],
  ['sides-apart-web', 'web/src/lib/c.ts', '../../../server/src/app.ts'],
  ['stack-above-parts', 'envoy/src/d.ts', '../../stack/src/s.ts'],
  ['stack-runs-parts', 'stack/src/e.ts', '../../server/src/app.ts'],
  ['server-features-apart', 'server/src/features/one/f.ts', '../two/store.ts'],
  ['server-arrows', 'server/src/watch/g.ts', '../features/two/store.ts'],
  ['server-features-below-app', 'server/src/features/one/h.ts', '../../app.ts'],
  ['grpc-only-in-rpc', 'server/src/features/one/i.ts', '@grpc/grpc-js'],
  ['pg-only-in-database', 'server/src/features/one/j.ts', 'pg'],
  ['web-features-apart', 'web/src/features/one/k.ts', '../two/x.ts'],
  ['web-below-app', 'web/src/features/one/l.ts', '../../app/x.ts'],
  ['web-below-features', 'web/src/rpc/m.ts', '../features/two/x.ts'],
  ['web-below-session', 'web/src/rpc/n.ts', '../session/x.ts'],
  ['web-ui-and-lib', 'web/src/ui/o.ts', '../rpc/x.ts'],
  ['web-lib-below-ui', 'web/src/lib/p.ts', '../ui/x.ts'],
  ['transport-only-in-rpc', 'web/src/features/one/q.ts', '@protobuf-ts/grpcweb-transport'],
  ['mail-only-in-mail', 'server/src/features/one/s.ts', 'nodemailer'],
  ['sign-in-only-in-identity', 'server/src/features/one/t.ts', 'openid-client'],
  ['sign-in-only-in-identity', 'server/src/features/one/u.ts', '@simplewebauthn/server'],
  ['must-exist', 'server/src/r.ts', './missing.ts'],
] as const;

const allowed = [
  ['server/src/rpc/a.ts', '@grpc/grpc-js'],
  ['server/src/database/b.ts', 'pg'],
  ['server/src/mail/f.ts', 'nodemailer'],
  ['server/src/identity/g.ts', 'openid-client'],
  ['server/src/app.ts', './features/two/store.ts'],
  ['server/src/features/one/c.ts', '../../watch/x.ts'],
  ['web/src/rpc/d.ts', '@protobuf-ts/grpcweb-transport'],
  ['web/src/app/e.ts', '../features/two/x.ts'],
] as const;

const packages = [
  'pg',
  '@grpc/grpc-js',
  '@protobuf-ts/grpcweb-transport',
  'nodemailer',
  'openid-client',
  '@simplewebauthn/server',
];

const targets = [
  'server/src/features/two/store.ts',
  'server/src/watch/x.ts',
  'stack/src/s.ts',
  ...['lib', 'features/two', 'app', 'session', 'rpc', 'ui'].map((folder) => `web/src/${folder}/x.ts`),
];

const folder = mkdtempSync(join(tmpdir(), 'roster-arrows-'));
let violations: readonly { readonly rule: { readonly name: string }; readonly from: string }[];

beforeAll(async () => {
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {}');
  }
  for (const target of targets) write(target, 'export {}');
  for (const [, file, imported] of refused) write(file, `import '${imported}'`);
  for (const [file, imported] of allowed) write(file, `import '${imported}'`);
  const args = ['--config', inRoot('.dependency-cruiser.cjs'), '--output-type', 'json'];
  const output = await new Promise<string>((resolve) => {
    const sources = ['proto', 'envoy', 'stack', 'server', 'web'];
    execFile(binary('.', 'depcruise'), [...args, ...sources], { cwd: folder }, (_, stdout) => resolve(stdout));
  });
  violations = (JSON.parse(output) as { summary: { violations: typeof violations } }).summary.violations;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

test.each(refused)('%s refuses that %s imports %s', (rule, file) => {
  expect(violations.filter(({ from }) => from === file).map(({ rule: { name } }) => name)).toContain(rule);
});

test.each(allowed)('%s may import %s', (file) => {
  expect(violations.filter(({ from }) => from === file)).toEqual([]);
});
