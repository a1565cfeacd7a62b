import { setTimeout as wait } from 'node:timers/promises';
import type { Launched } from './launch.ts';

/** A part that is kept running. */
export type Part = {
  readonly name: string;
  /** Of the process that runs now, or ran last. */
  pid(): number;
  isRunning(): boolean;
  /** Ends it in order. It stays down until `start`. */
  stop(): Promise<void>;
  /** Ends it as a crash would. It stays down until `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
};

const firstPauseMs = 250;
const longestPauseMs = 15_000;
/** Who has run so long is healthy: the next end is a new trouble, not more of the old one. */
const healthyAfterMs = 30_000;

/**
 * Starts a part and starts it again whenever it ends by itself, after a pause that doubles while it keeps ending.
 * Rejects if the first start fails.
 */
export async function supervise(
  name: string,
  launchOne: () => Promise<Launched>,
  say: (line: string) => void,
): Promise<Part> {
  let current = await launchOne();
  let isRunning = true;
  let pauseMs = firstPauseMs;
  let startedAt = Date.now();
  let comeback = new AbortController();
  let underWay: Promise<void> = Promise.resolve();

  function watch(launched: Launched): void {
    void launched.exited.then((reason) => {
      if (launched !== current || comeback.signal.aborted) return;
      isRunning = false;
      if (Date.now() - startedAt > healthyAfterMs) pauseMs = firstPauseMs;
      say(`The ${name} ended unexpectedly (${reason}); starting it again.`);
      underWay = comeBack(comeback.signal);
    });
  }

  async function comeBack(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !isRunning) {
      await wait(pauseMs, undefined, { signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      if (signal.aborted) return;
      await launchAgain().then(
        () => say(`The ${name} runs again.`),
        (error: Error) => say(`${error.message}; trying again.`),
      );
    }
  }

  async function launchAgain(): Promise<void> {
    current = await launchOne();
    isRunning = true;
    startedAt = Date.now();
    watch(current);
  }

  async function end(how: 'stop' | 'kill'): Promise<void> {
    comeback.abort();
    await underWay; // A comeback may be in the middle of a launch, whose process must not be missed.
    if (isRunning) await current[how]();
    isRunning = false;
  }

  async function start(): Promise<void> {
    if (isRunning && !comeback.signal.aborted) return;
    comeback.abort();
    await underWay;
    comeback = new AbortController();
    if (!isRunning) await launchAgain();
  }

  watch(current);
  return {
    name,
    pid: () => current.pid,
    isRunning: () => isRunning,
    stop: () => end('stop'),
    kill: () => end('kill'),
    start,
    restart: async () => {
      await end('stop');
      await start();
    },
  };
}
