import { setTimeout as wait } from 'node:timers/promises';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { countCpu, totalOf } from '../cpu.ts';
import { type Load, openLoad } from '../load.ts';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { median, type Result } from '../report.ts';
import { markOf } from '../sinks/decode.ts';
import type { RowMark } from '../sinks/sink-protocol.ts';
import { type BenchStack, startFilledStack } from '../stack.ts';
import { openWatchers, type Watchers } from '../watchers.ts';

/** How large the store is, how many watch a small part of it, and how much happens while they are away. */
const full = { users: 1_000_000, watchers: 990, changes: 10_000 };
const quick = { users: 100_000, watchers: 100, changes: 1000 };
const awaySeconds = 60;
/** Several lists, so that the work for one is not shared by all; each shows some hundreds of a million. */
const filters = ['Atlas', 'Borealis', 'Cobalt', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbor'].map(
  (team) => `metadata.team = "${team}" AND tags:vip`,
);

interface Cost {
  readonly bytes: number;
  readonly cpuMs: number;
  readonly parts: string;
  readonly fault: string;
}

/** What it costs that a thousand watchers come back after a minute, by their tokens and by listing anew. */
export async function measureResume(pace: Pace): Promise<readonly Result[]> {
  const size = pace.rounds === 1 ? quick : full;
  const bench = await startFilledStack(size.users);
  const load = await openLoad(bench.stack.databaseUrl);
  try {
    const users = await sampleUsers(bench, size);
    const sinks = await openWatchers({
      protocol: 'web',
      port: Number(new URL(bench.stack.url).port),
      count: size.watchers,
      held: [],
      resumeToken: '',
      filters,
    });
    try {
      await sinks.settle(await readLists(bench));
      const resumes: Cost[] = [];
      const relists: Cost[] = [];
      for (let round = 0; round < Math.min(2, pace.rounds); round += 1) {
        await beAway(sinks, load, users, size.changes, pace.seconds(awaySeconds));
        resumes.push(await comeBack(bench, load, sinks, 'token'));
        await sinks.cut();
        relists.push(await comeBack(bench, load, sinks, 'list'));
      }
      return resultsOf(size, resumes, relists);
    } finally {
      await sinks.close();
    }
  } finally {
    await load.close();
    await bench.stop();
  }
}

/** Users from all over the store, as many as are changed. */
async function sampleUsers(
  { client }: BenchStack,
  { users, changes }: { users: number; changes: number },
): Promise<User[]> {
  const sample: User[] = [];
  const pages = Math.ceil(changes / 1000);
  for (let page = 0; page < pages; page += 1) {
    const list = await readList(client, { skip: Math.floor((users * page) / pages) });
    sample.push(...list.users);
  }
  return sample;
}

async function readLists({ client }: BenchStack): Promise<ReadonlyMap<string, readonly RowMark[]>> {
  const lists = new Map<string, readonly RowMark[]>();
  for (const filter of filters) lists.set(filter, (await readList(client, { filter })).users.map(markOf));
  return lists;
}

async function beAway(sinks: Watchers, load: Load, users: User[], changes: number, seconds: number): Promise<void> {
  await sinks.cut();
  const until = performance.now() + seconds * 1000;
  await load.run(users, { perSecond: changes / Math.max(1, seconds - 5), seconds: Math.max(1, seconds - 5) });
  await wait(Math.max(0, until - performance.now()));
}

async function comeBack(bench: BenchStack, load: Load, sinks: Watchers, from: 'token' | 'list'): Promise<Cost> {
  const { stack } = bench;
  const lists = await readLists(bench);
  const before = await sinks.read();
  const server = stack.servers[0]?.pid() ?? 0;
  const cpu = countCpu({ server: () => [server], envoy: () => [stack.envoy.pid()], postgres: load.postgresPids });
  await sinks.reopen(from);
  const { fault } = await sinks.settle(lists);
  const times = cpu();
  const bytes = (await sinks.read()).bytes - before.bytes;
  const parts = Object.entries(times)
    .map(([name, ms]) => `${name} ${ms} ms`)
    .join(', ');
  return { bytes, cpuMs: totalOf(times), parts, fault };
}

function resultsOf(size: typeof full, resumes: readonly Cost[], relists: readonly Cost[]): readonly Result[] {
  const fault = [...resumes, ...relists].find((cost) => cost.fault !== '')?.fault;
  const common = {
    unit: '×' as const,
    goal: 1 / 20,
    gate: {
      name: `every watcher holds what a fresh list shows${fault ? ` (${fault})` : ''}`,
      holds: fault === undefined,
    },
  };
  const where = `${size.watchers} watchers of ${filters.length} lists in a store of ${size.users.toLocaleString('en')}, after ${size.changes.toLocaleString('en')} changes`;
  const ratio = (figure: (cost: Cost) => number) => median(resumes.map(figure)) / median(relists.map(figure));
  return [
    {
      ...common,
      name: 'resume against relist, bytes',
      measured: where,
      value: ratio(({ bytes }) => bytes),
      details: [
        `resume ${perWatcher(resumes, ({ bytes }) => bytes, size)} bytes a watcher, relist ${perWatcher(relists, ({ bytes }) => bytes, size)}`,
      ],
    },
    {
      ...common,
      name: 'resume against relist, CPU',
      measured: where,
      value: ratio(({ cpuMs }) => cpuMs),
      details: [...resumes.map(({ parts }) => `resume: ${parts}`), ...relists.map(({ parts }) => `relist: ${parts}`)],
    },
  ];
}

function perWatcher(costs: readonly Cost[], figure: (cost: Cost) => number, { watchers }: typeof full): string {
  return Math.round(median(costs.map(figure)) / watchers).toLocaleString('en');
}
