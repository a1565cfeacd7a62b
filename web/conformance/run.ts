import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const version = 'v1.0.5';
const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '.cache');

export interface ConformanceResult {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

/** Where the runner and its protos are; undefined with the reason where they are not installed. */
export function findRunner(
  env: NodeJS.ProcessEnv,
): { readonly runner: string; readonly protos: string } | { readonly missing: string } {
  const goPath = goEnv('GOPATH');
  const onPath = (env['PATH'] ?? '').split(':').map((folder) => join(folder, 'connectconformance'));
  const places = [env['CONNECTCONFORMANCE'] ?? '', ...onPath, goPath && join(goPath, 'bin', 'connectconformance')];
  const runner = places.find((place) => place && existsSync(place));
  const protos = join(goEnv('GOMODCACHE'), `connectrpc.com/conformance@${version}/proto`);
  if (runner && existsSync(protos)) return { runner, protos };
  return { missing: `to run it: go install connectrpc.com/conformance/cmd/connectconformance@${version}` };
}

/** Runs every case of `client.yaml` against the transport. Nothing is known to fail, so the runner's own verdict is ours. */
export function runConformance(tools: { readonly runner: string; readonly protos: string }): ConformanceResult {
  const client = buildClient(tools.protos);
  const flags = ['--conf', join(here, 'client.yaml'), '--mode', 'client', '--', process.execPath, client];
  const { stdout, stderr, status } = spawnSync(tools.runner, flags, { encoding: 'utf8', cwd: here });
  const output = stdout + stderr;
  const total = Number(/Total cases: (\d+)/.exec(output)?.[1] ?? 0);
  const passed = Number(/(\d+) passed/.exec(output)?.[1] ?? 0);
  return { passed, failed: status === 0 ? total - passed : Math.max(1, total - passed), output };
}

/** Generates the runner's messages and bundles the adapter, because Node alone reads neither enums nor imports without an extension. */
function buildClient(protos: string): string {
  mkdirSync(cache, { recursive: true });
  const proto = join(here, '../../proto');
  const plugin = {
    local: join(proto, 'node_modules/.bin/protoc-gen-ts'),
    out: join(cache, 'gen'),
    include_imports: true,
    include_wkt: true,
  };
  const template = JSON.stringify({
    version: 'v2',
    plugins: [{ ...plugin, opt: ['long_type_string', 'ts_nocheck', 'eslint_disable'] }],
  });
  execFileSync(join(proto, 'node_modules/.bin/buf'), ['generate', '--template', template, protos], {
    stdio: 'inherit',
  });
  const outfile = join(cache, 'client.mjs');
  buildSync({
    entryPoints: [join(here, 'client.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return outfile;
}

function goEnv(name: string): string {
  const { stdout } = spawnSync('go', ['env', name], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tools = findRunner(process.env);
  if ('missing' in tools) {
    console.error(`The conformance runner is not installed; ${tools.missing}`);
    process.exit(1);
  }
  const { output, failed } = runConformance(tools);
  writeFileSync(join(cache, 'result.txt'), output);
  console.log(output);
  process.exit(failed === 0 ? 0 : 1);
}
