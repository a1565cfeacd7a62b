import type { CDPSession } from 'playwright-core';
import { type ConsolePage, openConsole, untilShown } from '../console-page.ts';
import { openLoad } from '../load.ts';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { percentile, type Result } from '../report.ts';
import { type BenchStack, startFilledStack } from '../stack.ts';

const users = 1_000_000;
const perSecond = 1000;

interface Frames {
  readonly frames: number;
  /** All work of the page's thread but style and layout: the least that surely holds all script, for what runs in microtasks is not counted as script. */
  readonly workMs: number;
  readonly layoutMs: number;
  readonly p99GapMs: number;
}

/** What the page's script takes of each frame while a thousand changes a second come in, some of them to the rows it shows. */
export async function measureFrames(pace: Pace): Promise<Result> {
  const bench = await startFilledStack(users);
  const load = await openLoad(bench.stack.databaseUrl);
  const console = await openConsole(bench);
  try {
    const changed = await usersToChange(bench);
    const seconds = pace.seconds(15);
    const idle = await countFrames(console, () => console.page.waitForTimeout(3000));
    const busy = await countFrames(console, () => load.run(changed, { perSecond, seconds }));
    const shown = (await readList(bench.client)).users.map(({ name }) => name);
    return resultOf(idle, busy, await untilShown(console, shown), perSecond * seconds);
  } finally {
    await console.close();
    await load.close();
    await bench.stop();
  }
}

/** The first page, which the screen shows a part of, and pages from all over the store. */
async function usersToChange({ client }: BenchStack) {
  const pages = [];
  for (let page = 0; page < 10; page += 1) {
    pages.push(await readList(client, { pageSize: page === 0 ? 100 : 1000, skip: (users / 10) * page }));
  }
  return pages.flatMap((page) => page.users);
}

async function countFrames({ page }: ConsolePage, work: () => Promise<unknown>): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(startCounting);
  const before = await readMetrics(session);
  await work();
  const after = await readMetrics(session);
  const gaps = await page.evaluate<readonly number[]>('window.stopCounting()');
  await session.detach();
  const passed = (name: string) => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1000;
  const layoutMs = passed('LayoutDuration') + passed('RecalcStyleDuration');
  return {
    frames: gaps.length,
    workMs: passed('TaskDuration') - layoutMs,
    layoutMs,
    p99GapMs: percentile(gaps, 0.99),
  };
}

async function readMetrics(session: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

/** Runs in the page: keeps the time between frames. */
function startCounting(): void {
  const gaps: number[] = [];
  let last = performance.now();
  let isCounting = true;
  const next = (now: number) => {
    gaps.push(now - last);
    last = now;
    if (isCounting) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  const stopCounting = () => {
    isCounting = false;
    return gaps;
  };
  Object.assign(window, { stopCounting });
}

function resultOf(idle: Frames, busy: Frames, fault: string, changes: number): Result {
  const each = (frames: Frames) =>
    `${frames.frames} frames, work ${(frames.workMs / frames.frames).toFixed(2)} ms and layout ${(frames.layoutMs / frames.frames).toFixed(2)} ms each, p99 between frames ${frames.p99GapMs.toFixed(0)} ms`;
  return {
    name: `script time of a frame at ${perSecond.toLocaleString('en')} changes/s`,
    measured: `mean over ${busy.frames} frames, processor time of the page's thread without style and layout, over ${users.toLocaleString('en')} rows`,
    value: busy.workMs / busy.frames,
    unit: 'ms',
    goal: 2,
    gate: { name: `the page shows what a fresh list shows${fault && ` (${fault})`}`, holds: fault === '' },
    details: [
      `idle: ${each(idle)}`,
      `busy: ${each(busy)}; ${((busy.workMs / changes) * 1000).toFixed(0)} µs of work a change`,
    ],
  };
}
