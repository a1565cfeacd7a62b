import { openRosterWatchers } from '../feed-round.ts';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { median, percentile, type Result } from '../report.ts';
import { markOf } from '../sinks/decode.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';
import { saveInTurn } from '../updates.ts';

const users = 1000;
const watchers = 990;
const perSecond = 20;
const fullSeconds = 10;

interface Round {
  readonly idleMs: readonly number[];
  readonly watchedMs: readonly number[];
  readonly fault: string;
}

/** How long a save takes while a thousand watch, against the same saves while nobody does. */
export async function measureWriters(pace: Pace): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const traffic = { perSecond, seconds: pace.seconds(fullSeconds) };
    await saveInTurn(bench.client, (await readList(bench.client)).users, { perSecond, seconds: 1 });
    const rounds: Round[] = [];
    for (let round = 0; round < pace.rounds; round += 1) rounds.push(await runRound(bench, traffic));
    return [resultOf('median', median, rounds), resultOf('p99', (values) => percentile(values, 0.99), rounds)];
  } finally {
    await bench.stop();
  }
}

async function runRound(bench: BenchStack, traffic: { perSecond: number; seconds: number }): Promise<Round> {
  const idleMs = await saveInTurn(bench.client, (await readList(bench.client)).users, traffic);
  const list = await readList(bench.client);
  const sinks = await openRosterWatchers(bench, list, watchers);
  try {
    const watchedMs = await saveInTurn(bench.client, list.users, traffic);
    const now = (await readList(bench.client)).users.map(markOf);
    const { fault } = await sinks.settle(new Map([['', now]]));
    return { idleMs, watchedMs, fault };
  } finally {
    await sinks.close();
  }
}

function resultOf(name: string, figure: (values: readonly number[]) => number, rounds: readonly Round[]): Result {
  const ratios = rounds.map(({ idleMs, watchedMs }) => figure(watchedMs) / figure(idleMs));
  const fault = rounds.find((round) => round.fault !== '')?.fault;
  return {
    name: `a save under ${watchers} watchers × ${perSecond}/s, ${name}`,
    measured: `against the same saves without watchers; ${rounds.length} rounds, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    value: median(ratios),
    unit: '×',
    goal: 2,
    gate: {
      name: `every watcher holds what a fresh list shows${fault ? ` (${fault})` : ''}`,
      holds: fault === undefined,
    },
    details: rounds.map(
      ({ idleMs, watchedMs }) => `idle ${figure(idleMs).toFixed(1)} ms, watched ${figure(watchedMs).toFixed(1)} ms`,
    ),
  };
}
