import { spawn } from 'node:child_process';
import type { Page } from 'playwright-core';
import { type ConsolePage, openConsole, untilShown } from '../console-page.ts';
import { openRosterWatchers } from '../feed-round.ts';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { percentile, type Result } from '../report.ts';
import { markOf } from '../sinks/decode.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';
import { saveInTurn } from '../updates.ts';

const users = 1000;
/** With the page there are a thousand streams nearly, which is what one caller may have. */
const watchers = 990;
const perSecond = 20;
/** The rows that are changed in turn; all of them are on the screen. */
const changedRows = 15;

interface Pixels {
  readonly latenciesMs: readonly number[];
  readonly expected: number;
  /** From the last save until the page and all watchers held the end state. */
  readonly settledMs: number;
  readonly fault: string;
}

/** From sending a save to the changed cell in Chromium, while a thousand others watch. */
export async function measurePixel(pace: Pace): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const seconds = pace.seconds(20);
    const alone = await measureOnce(bench, seconds);
    const crowded = await withNeighbour(() => measureOnce(bench, seconds));
    return [
      resultOf('save to pixel', 'both cores', alone, 100),
      resultOf('save to pixel beside a busy neighbour', 'a busy loop on one core', crowded, 250),
    ];
  } finally {
    await bench.stop();
  }
}

async function measureOnce(bench: BenchStack, seconds: number): Promise<Pixels> {
  // The page first: whoever signs in there is one more person on the list.
  const console = await openConsole(bench);
  const list = await readList(bench.client);
  const sinks = await openRosterWatchers(bench, list, watchers);
  try {
    await saveInTurn(bench.client, list.users.slice(0, changedRows), { perSecond, seconds: 2 });
    await console.page.evaluate(observeNames);
    const saved = await saveInTurn(bench.client, list.users.slice(0, changedRows), { perSecond, seconds });
    const endedAt = performance.now();
    const now = (await readList(bench.client)).users;
    const fault = (await untilPageShows(console, now)) || (await sinks.settle(new Map([['', now.map(markOf)]]))).fault;
    const settledMs = performance.now() - endedAt;
    return { latenciesMs: await readLatencies(console.page), expected: saved.length, settledMs, fault };
  } finally {
    await console.close();
    await sinks.close();
  }
}

function untilPageShows(console: ConsolePage, users: readonly { readonly name: string }[]): Promise<string> {
  return untilShown(
    console,
    users.map(({ name }) => name),
  );
}

/** Runs in the page: notes for each changed name how long ago the time at its end is. */
function observeNames(): void {
  const seen = new Set<string>();
  const latenciesMs: number[] = [];
  const observer = new MutationObserver((mutations) => {
    const now = Date.now();
    for (const { target } of mutations) {
      const element = target instanceof Element ? target : target.parentElement;
      const row = element?.closest('[role="row"]');
      const name = row?.querySelector('[data-column="name"] bdi')?.textContent ?? '';
      if (!row || seen.has(name)) continue;
      seen.add(name);
      const sentAt = / @(\d+)$/.exec(name)?.[1];
      if (sentAt !== undefined) latenciesMs.push(now - Number(sentAt));
    }
  });
  for (const bdi of document.querySelectorAll('[data-column="name"] bdi')) seen.add(bdi.textContent ?? '');
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  Object.assign(window, { latenciesMs });
}

async function readLatencies(page: Page): Promise<readonly number[]> {
  const found: unknown = await page.evaluate('latenciesMs');
  return Array.isArray(found) ? found.map(Number) : [];
}

/** Takes one core away with a busy loop while `work` runs. */
async function withNeighbour<T>(work: () => Promise<T>): Promise<T> {
  const loop = spawn('taskset', ['-c', '0', process.execPath, '-e', 'for(;;);'], { stdio: 'ignore' });
  try {
    return await work();
  } finally {
    loop.kill('SIGKILL');
  }
}

function resultOf(name: string, where: string, pixels: Pixels, goal: number): Result {
  const { latenciesMs, expected, settledMs, fault } = pixels;
  const at = (share: number) => percentile(latenciesMs, share);
  const lastPart = percentile(latenciesMs.slice(-Math.ceil(latenciesMs.length / 4)), 0.5);
  return {
    name,
    measured: `p99 with ${watchers} watchers × ${perSecond}/s, ${where}; from sending UpdateUser to the changed cell`,
    value: at(0.99),
    unit: 'ms',
    goal,
    gate: { name: `page and watchers hold what a fresh list shows${fault && ` (${fault})`}`, holds: fault === '' },
    details: [
      `p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, most ${Math.max(...latenciesMs)} ms, of ${latenciesMs.length} seen changes (${expected} saved)`,
      `backlog: median of the last quarter ${lastPart} ms; all held the end state ${settledMs.toFixed(0)} ms after the last save`,
    ],
  };
}
