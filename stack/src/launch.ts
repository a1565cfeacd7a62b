import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnvironment } from './config.ts';
import type { RunFolder } from './run-folder.ts';

/** One process of ours that runs. */
export type Launched = {
  readonly pid: number;
  /** Settles when it has ended, with the reason in a few words. */
  readonly exited: Promise<string>;
  /** Asks it to end in order, and insists when it does not. */
  stop(): Promise<void>;
  kill(): Promise<void>;
};

export type LaunchOptions = {
  readonly name: string;
  /** A program of Node. */
  readonly script: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly runFolder: RunFolder;
  readonly readyTimeoutMs?: number;
  /** Ends a launch that is under way. */
  readonly signal?: AbortSignal | undefined;
};

/** A longer log is begun anew with the next start of its program. */
const logLimitBytes = 50 * 1024 * 1024;
/** A program that starts writes less. */
const startBytesMax = 256 * 1024;

/**
 * Runs a program of Node that says `{"msg":"listening"}` when it is ready, in a process group of its own, so that Ctrl-C
 * reaches our orderly stop and not it. Its output goes straight into a file: a killed stack does not take it along.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { name, script, settings, runFolder } = options;
  const logFile = join(runFolder.path, `${name.replaceAll(' ', '-')}.log`);
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) truncateSync(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    detached: true,
    env: childEnvironment(settings),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  if (child.pid !== undefined) runFolder.record(name, child.pid);
  const launched = handle(child);
  const output = () => readFrom(logFile, logStart);
  let isGone = false;
  void launched.exited.then(() => {
    isGone = true;
  });
  for (const giveUpAt = Date.now() + (options.readyTimeoutMs ?? 60_000); ; await wait(20)) {
    if (/"msg":"listening"/.test(output())) return launched;
    if (isGone) throw new Error(`The ${name} did not start: ${lastWords(output())} (log: ${logFile})`);
    if (Date.now() < giveUpAt && !options.signal?.aborted) continue;
    await launched.kill();
    options.signal?.throwIfAborted();
    throw new Error(`The ${name} did not say that it listens (log: ${logFile})`);
  }
}

/** What a program wrote since it began, as far as its start goes; what others wrote before is not read, for that may be much. */
function readFrom(file: string, start: number): string {
  const buffer = Buffer.alloc(startBytesMax);
  const descriptor = openSync(file, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, startBytesMax, start));
  } finally {
    closeSync(descriptor);
  }
}

function handle(child: ChildProcess): Launched {
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  return {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 12_000);
      await exited;
      clearTimeout(force);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The last thing that a program complained about, in one line: a log line's message, else plain text. */
function lastWords(output: string): string {
  const lines = output.trim().split('\n');
  for (const line of lines.toReversed()) {
    const entry = parseLogLine(line);
    if (entry !== undefined && (entry.level ?? 50) >= 50)
      return [entry.msg, entry.err?.message].filter(Boolean).join(': ');
  }
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim() || 'it said nothing';
}

function parseLogLine(line: string): { level?: number; msg?: string; err?: { message?: string } } | undefined {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as { level?: number; msg?: string }) : undefined;
  } catch {
    return undefined;
  }
}
