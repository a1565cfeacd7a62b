import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { childEnvironment } from './config.ts';
import { inRoot } from './paths.ts';
import { precompress } from './precompress.ts';
import { hashSources } from './source-hash.ts';

/** What is built, from what, and into which folder. A build is skipped while its sources are what they were. */
type Target = {
  readonly name: 'server' | 'page';
  readonly sources: readonly string[];
  readonly output: string;
  build(into: string): Promise<void>;
};

const shared = ['proto/gen', 'proto/src', 'pnpm-lock.yaml', 'stack/src/build.ts'];

const server: Target = {
  name: 'server',
  sources: ['server/src', 'server/package.json', ...shared],
  output: inRoot('server/dist'),
  build: buildServer,
};

const page: Target = {
  name: 'page',
  sources: [
    'web/src',
    'web/serve',
    'web/build',
    'web/public',
    'web/index.html',
    'web/vite.config.ts',
    'web/package.json',
    ...shared,
  ],
  output: inRoot('web/dist'),
  build: buildPage,
};

type Say = (line: string) => void;

/** Builds both into a folder, whatever is built already: what is served is looked at by a test. */
export async function buildAnew(folder: string): Promise<void> {
  for (const { name, build: buildTarget } of [server, page]) await buildTarget(`${folder}/${name}`);
}

/** `server/dist/main.js`, and `seed.js`, `host.js` and `health-probe.js` beside it. */
export const ensureServerBuilt = (say: Say) => ensure(server, say);

/** `web/dist/page`, and `web/dist/serve.js` that serves it. */
export const ensurePageBuilt = (say: Say) => ensure(page, say);

/**
 * Builds unless nothing has changed, and tells whether it did. The new folder takes the old one's place in one step: a
 * build that fails or is interrupted changes nothing.
 */
async function ensure(target: Target, say: Say): Promise<boolean> {
  const hash = await hashSources(target.sources);
  const marker = `${target.output}/.sources`;
  if ((await readFile(marker, 'utf8').catch(() => '')) === hash) return false;
  say(`Building the ${target.name} …`);
  const unfinished = `${dirname(target.output)}/.cache/build-${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    await target.build(unfinished);
    await writeFile(`${unfinished}/.sources`, hash);
    await replace(target.output, unfinished);
    return true;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function replace(output: string, finished: string): Promise<void> {
  const old = `${finished}-old`;
  await rename(output, old).catch(() => {}); // Nothing was built before.
  await rename(finished, output).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // Else another start was quicker.
  });
  await rm(old, { recursive: true, force: true });
}

async function buildServer(into: string): Promise<void> {
  const entries = { main: 'main.ts', seed: 'seed/main.ts', host: 'host/main.ts', 'health-probe': 'health-probe.ts' };
  const present = Object.entries(entries).filter(([, file]) => existsSync(inRoot('server/src', file)));
  const manifest = parseManifest(await readFile(inRoot('server/package.json'), 'utf8'));
  await build({
    ...forNode,
    entryPoints: Object.fromEntries(present.map(([name, file]) => [name, inRoot('server/src', file)])),
    outdir: into,
    // Packages stay outside: some read files that lie beside their code.
    external: Object.keys(manifest.dependencies).filter((name) => !name.startsWith('@roster/')),
    loader: { '.sql': 'text' },
    splitting: true,
  });
}

async function buildPage(into: string): Promise<void> {
  await runVite(['build', '--outDir', `${into}/page`, '--emptyOutDir', '--logLevel', 'warn']);
  await precompress(`${into}/page`);
  await build({ ...forNode, entryPoints: { serve: inRoot('web/serve/main.ts') }, outdir: into });
}

const forNode = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: 'linked',
  logLevel: 'silent',
} satisfies BuildOptions;

function runVite(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = inRoot('web/node_modules/vite/bin/vite.js');
    // What is served is the same whoever builds it: tests are run with a NODE_ENV of their own, by which React is built for development.
    const env = childEnvironment({ NODE_ENV: 'production' });
    execFile(process.execPath, [vite, ...args], { cwd: inRoot('web'), env }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`The page cannot be built:\n${(stderr || stdout).trim()}`));
    });
  });
}

function parseManifest(text: string): { readonly dependencies: Readonly<Record<string, string>> } {
  return JSON.parse(text) as { dependencies: Record<string, string> };
}

if (import.meta.main) {
  await ensureServerBuilt(console.log);
  await ensurePageBuilt(console.log);
}
