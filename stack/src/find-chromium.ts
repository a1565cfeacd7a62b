import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { readTestConfig } from './config.ts';
import { inRoot } from './paths.ts';

const run = promisify(execFile);
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** A Chromium that can be driven: ROSTER_CHROMIUM, one on the PATH, else Playwright's own download, else Debian's package. */
export async function findChromium(say: (line: string) => void = console.log): Promise<string> {
  const { chromium, searchPath } = readTestConfig();
  if (chromium !== undefined) return chromium;
  const onPath = findOnPath(searchPath);
  if (onPath !== undefined) return onPath;
  const faults: string[] = [];
  for (const install of [installPlaywrights, installDebians]) {
    try {
      return await install(say);
    } catch (error) {
      faults.push(lastLine(error));
    }
  }
  throw new Error(
    `There is no Chromium for the browser tests (${faults.join('; ')}). Install one, or set ROSTER_CHROMIUM.`,
  );
}

/** The first browser of this kind on a search path. */
export function findOnPath(searchPath: string): string | undefined {
  for (const folder of searchPath.split(delimiter))
    for (const name of names) {
      const candidate = join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // Not here.
      }
    }
  return undefined;
}

async function installPlaywrights(say: (line: string) => void): Promise<string> {
  const script = "import { chromium } from '@playwright/test'; console.log(chromium.executablePath())";
  const options = { cwd: inRoot('e2e') };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], options);
  const path = stdout.trim();
  if (existsSync(path)) return path;
  say('Fetching a Chromium for the browser tests …');
  await run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', '--no-shell', 'chromium'], options);
  return path;
}

async function installDebians(say: (line: string) => void): Promise<string> {
  say('Installing the Chromium of Debian for the browser tests …');
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const [program = 'apt-get', ...rest] = [...asRoot, 'apt-get', ...args];
    await run(program, rest, { maxBuffer: 64 * 1024 * 1024 });
  }
  return '/usr/bin/chromium';
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n').at(-1) ?? message;
}
