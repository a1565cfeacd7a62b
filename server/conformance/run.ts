import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findEnvoy } from '@roster/envoy/find-envoy';
import { buildSync } from 'esbuild';
import { findTools, type Tools } from '../../web/conformance/find-tools.ts';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '.cache');

/** By what door the suite comes in: the browsers' listener, the programs' listener, or the server itself. */
export const ways = ['edge', 'native', 'direct'] as const;
export type Way = (typeof ways)[number];

export interface ConformanceResult {
  readonly run: number;
  readonly passed: number;
  readonly knownFailing: number;
  /** Neither a case that is not listed failed, nor did one that is listed pass. */
  readonly isAsListed: boolean;
  readonly output: string;
}

/** Generates the suite's messages and bundles the adapter, once for all ways. */
export async function prepare(tools: Tools): Promise<(way: Way) => Promise<ConformanceResult>> {
  generateMessages(tools.protos);
  const adapter = bundleAdapter();
  const envoy = await findEnvoy({
    folder: join(here, '../../.roster/envoy'),
    envoyPath: process.env['ENVOY_PATH'],
    searchPath: process.env['PATH'],
  });
  return (way) => runSuite(tools.runner, way, [adapter, way, envoy]);
}

async function runSuite(runner: string, way: Way, adapter: readonly string[]): Promise<ConformanceResult> {
  const config = way === 'edge' ? 'edge.yaml' : 'native.yaml';
  const knownFailing = join(here, `known-failing-${way}.txt`);
  const child = spawn(runner, [
    ...[
      '--conf',
      join(here, config),
      '--mode',
      'server',
      '--known-failing',
      `@${knownFailing}`,
      '--trace',
      '--max-servers',
      '1',
    ],
    ...['--', process.execPath, ...adapter],
  ]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const status = await new Promise((resolve) => child.on('close', resolve));
  const count = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0);
  return {
    run: count(/Total cases: (\d+)/),
    passed: count(/(\d+) passed/),
    knownFailing: count(/(\d+) failed as expected/),
    isAsListed: status === 0,
    output,
  };
}

function generateMessages(protos: string): void {
  mkdirSync(cache, { recursive: true });
  const tools = join(here, '../../proto/node_modules/.bin');
  const plugin = {
    local: join(tools, 'protoc-gen-ts'),
    out: join(cache, 'gen'),
    include_imports: true,
    include_wkt: true,
    opt: ['server_grpc1', 'long_type_string', 'ts_nocheck', 'eslint_disable'],
  };
  const template = JSON.stringify({ version: 'v2', plugins: [plugin] });
  execFileSync(join(tools, 'buf'), ['generate', '--template', template, protos], { stdio: 'inherit' });
}

/** Node alone reads neither enums nor imports without an extension. */
function bundleAdapter(): string {
  const outfile = join(cache, 'adapter.mjs');
  buildSync({
    entryPoints: [join(here, 'adapter.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@grpc/grpc-js', '@protobuf-ts/*', '@roster/envoy/*', 'pino', 'prom-client'],
    logLevel: 'warning',
  });
  return outfile;
}

/** `edge: 276 run, 272 passed, 4 known failing` */
export function summaryOf(way: Way, { run, passed, knownFailing }: ConformanceResult): string {
  return `conformance, ${way}: ${run} run, ${passed} passed, ${knownFailing} known failing`;
}

async function main(): Promise<number> {
  const tools = findTools(process.env);
  if ('missing' in tools) {
    console.error(`The conformance runner is not installed; ${tools.missing}`);
    return 1;
  }
  const runWay = await prepare(tools);
  let status = 0;
  for (const way of ways.filter((one) => process.argv.length < 3 || process.argv.includes(one))) {
    const result = await runWay(way);
    if (!result.isAsListed) console.log(result.output);
    if (!result.isAsListed) status = 1;
    console.log(summaryOf(way, result));
  }
  return status;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(await main());
