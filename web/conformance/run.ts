import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { findChromium, findTools, type Tools } from './find-tools.ts';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '.cache');

export interface ConformanceResult {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

/** Runs every case that Node's `fetch` can do. Nothing is listed as known to fail, so the runner's own verdict is ours. */
export function runInNode(tools: Tools): Promise<ConformanceResult> {
  generateMessages(tools.protos);
  return runSuite(tools, 'node.yaml', [bundle('client-node', 'node')]);
}

/** Runs the same cases and more in a Chromium: over TLS, and over HTTP/2. */
export function runInChromium(tools: Tools, executablePath: string): Promise<ConformanceResult> {
  generateMessages(tools.protos);
  const playwrightFrom = join(here, '../../e2e/package.json');
  const page = bundle('client-page', 'browser');
  return runSuite(tools, 'chromium.yaml', [bundle('client-chromium', 'node'), page, playwrightFrom, executablePath]);
}

async function runSuite(tools: Tools, config: string, client: readonly string[]): Promise<ConformanceResult> {
  const runner = spawn(tools.runner, [
    '--conf',
    join(here, config),
    '--mode',
    'client',
    '--',
    process.execPath,
    ...client,
  ]);
  let output = '';
  for (const stream of [runner.stdout, runner.stderr]) stream.on('data', (text) => (output += text));
  const status = await new Promise((resolve) => runner.on('close', resolve));
  const total = Number(/Total cases: (\d+)/.exec(output)?.[1] ?? 0);
  const passed = Number(/(\d+) passed/.exec(output)?.[1] ?? 0);
  return { passed, failed: status === 0 ? total - passed : Math.max(1, total - passed), output };
}

function generateMessages(protos: string): void {
  mkdirSync(cache, { recursive: true });
  const tools = join(here, '../../proto/node_modules/.bin');
  const opt = ['long_type_string', 'ts_nocheck', 'eslint_disable'];
  const plugin = {
    local: join(tools, 'protoc-gen-ts'),
    out: join(cache, 'gen'),
    include_imports: true,
    include_wkt: true,
    opt,
  };
  const template = JSON.stringify({ version: 'v2', plugins: [plugin] });
  execFileSync(join(tools, 'buf'), ['generate', '--template', template, protos], { stdio: 'inherit' });
}

/** Bundles an adapter, because Node alone reads neither enums nor imports without an extension. */
function bundle(name: string, platform: 'node' | 'browser'): string {
  const outfile = join(cache, `${name}.mjs`);
  buildSync({
    entryPoints: [join(here, `${name}.ts`)],
    outfile,
    bundle: true,
    platform,
    format: platform === 'node' ? 'esm' : 'iife',
    logLevel: 'warning',
  });
  return outfile;
}

async function main(): Promise<number> {
  const tools = findTools(process.env);
  if ('missing' in tools) {
    console.error(`The conformance runner is not installed; ${tools.missing}`);
    return 1;
  }
  const chromium = findChromium(process.env);
  const results = [await runInNode(tools), ...(chromium ? [await runInChromium(tools, chromium)] : [])];
  for (const { output } of results) console.log(output);
  writeFileSync(join(cache, 'result.txt'), results.map(({ output }) => output).join('\n'));
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(await main());
