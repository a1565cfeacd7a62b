import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { healthyMembers, listenerPort } from './admin.ts';
import { type EnvoySettings, renderConfig } from './render-config.ts';

/** The committed configuration. */
export const configFile = new URL('../envoy.yaml', import.meta.url);

export type RunOptions = {
  readonly binary: string;
  /** Where the written configuration, the admin's address and the log go. */
  readonly runFolder: string;
  readonly settings: EnvoySettings;
  /** The text of the configuration; the committed one unless it is given. */
  readonly configText?: string | undefined;
  /** Worker threads; each has its own connections to the servers. */
  readonly concurrency?: number;
  /** How long the servers may take to become healthy. 0 does not wait for them. */
  readonly readyTimeoutMs?: number;
  /** Is told the pid as soon as there is one. */
  readonly onSpawn?: (pid: number) => void;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal | undefined;
};

export type RunningEnvoy = {
  readonly pid: number;
  readonly edgePort: number;
  readonly nativePort: number;
  readonly adminPort: number;
  readonly logFile: string;
  /** Settles when the process has ended, whoever ended it, with the reason in a few words. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  kill(): Promise<void>;
};

const logLimitBytes = 50 * 1024 * 1024;

/** Starts Envoy in a process group of its own and returns when it has a healthy server. */
export async function runEnvoy(options: RunOptions): Promise<RunningEnvoy> {
  const { child, adminFile, logFile, complaint } = spawnEnvoy(options);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const giveUp = new AbortController();
  const gaveUp = options.signal === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, options.signal]);
  const failed = exited.then(() => {
    giveUp.abort();
    throw new Error(complaint());
  });
  failed.catch(() => {});
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  try {
    const ports = await Promise.race([failed, whenReady(adminFile, options.readyTimeoutMs ?? 30_000, gaveUp)]);
    return { pid: child.pid ?? 0, ...ports, logFile, exited, stop: () => stop(child, exited), kill };
  } catch (error) {
    giveUp.abort();
    await stop(child, exited);
    throw error;
  }
}

function spawnEnvoy({ binary, runFolder, settings, configText, concurrency }: RunOptions) {
  mkdirSync(runFolder, { recursive: true });
  const rendered = join(runFolder, 'envoy.yaml');
  const adminFile = join(runFolder, 'envoy-admin');
  const logFile = join(runFolder, 'envoy.log');
  const text = configText ?? readFileSync(configFile, 'utf8');
  writeFileSync(rendered, renderConfig(text, settings), { mode: 0o600 });
  rmSync(adminFile, { force: true });
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) truncateSync(logFile);
  const logStart = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(logFile, 'a', 0o600);
  const workers = concurrency === undefined ? [] : ['--concurrency', String(concurrency)];
  const flags = ['--disable-hot-restart', '-l', 'warning', '--file-flush-interval-msec', '500', ...workers];
  const child = spawn(binary, ['-c', rendered, '--admin-address-path', adminFile, ...flags], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const complaint = () => {
    const lines = readFileSync(logFile).subarray(logStart).toString().trim().split('\n');
    const reason = lines.findLast((line) => /\[(critical|error)\]|cannot bind|error/i.test(line)) ?? lines.at(-1);
    return `Envoy did not start: ${reason?.replace(/^(\[[^\]]*\]\s*)+/, '') ?? ''} (the whole log: ${logFile})`;
  };
  return { child, adminFile, logFile, complaint };
}

async function whenReady(adminFile: string, readyTimeoutMs: number, gaveUp: AbortSignal) {
  const adminPort = await retry(gaveUp, Date.now() + 30_000, 'its admin address', async () => {
    const port = Number.parseInt(readFileSync(adminFile, 'utf8').split(':').at(-1) ?? '', 10);
    return port > 0 ? port : undefined;
  });
  const whenHealthy = Date.now() + readyTimeoutMs;
  for (const cluster of readyTimeoutMs > 0 ? ['backend', 'feed'] : [])
    await retry(gaveUp, whenHealthy, `a healthy server for ${cluster}`, async () =>
      (await healthyMembers(adminPort, cluster)) > 0 ? true : undefined,
    );
  return retry(gaveUp, Date.now() + 5_000, 'its listeners', async () => {
    const edgePort = await listenerPort(adminPort, 'edge');
    return { adminPort, edgePort, nativePort: await listenerPort(adminPort, 'native') };
  });
}

async function retry<T>(
  gaveUp: AbortSignal,
  untilMs: number,
  what: string,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    gaveUp.throwIfAborted();
    if (Date.now() > untilMs) throw new Error(`Envoy is running but does not have ${what}`);
    await wait(20);
  }
}

async function stop(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(force);
}
