import { setTimeout as wait } from 'node:timers/promises';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';
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
/** Several lists, so that the work for one is not shared by all; each shows the people who came in some hours. */
const lists = 8;
const listSize = 600;
const samplePage = 10;
const patienceMs = 180_000;

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
    const filters = await chooseFilters(bench, size.users);
    const sinks = await openWatchers({
      protocol: 'web',
      port: Number(new URL(bench.stack.url).port),
      token: bench.token,
      count: size.watchers,
      held: [],
      resumeToken: '',
      filters,
    });
    try {
      const start = await sinks.settle(await readLists(bench, filters), patienceMs);
      if (!start.holds) throw new Error(`The watchers did not get their lists: ${start.fault}`);
      const resumes: Cost[] = [];
      const relists: Cost[] = [];
      for (let round = 0; round < Math.min(2, pace.rounds); round += 1) {
        await beAway(sinks, load, users, size.changes, pace.seconds(awaySeconds));
        resumes.push(await comeBack(bench, load, sinks, filters, 'token'));
        await sinks.cut();
        relists.push(await comeBack(bench, load, sinks, filters, 'list'));
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
  size: { readonly users: number; readonly changes: number },
): Promise<User[]> {
  const sample: User[] = [];
  const pages = Math.ceil(size.changes / samplePage);
  for (let page = 0; page < pages; page += 1) {
    const skip = Math.floor((size.users * page) / pages);
    sample.push(...(await readList(client, { skip, pageSize: samplePage })).users);
  }
  return sample;
}

async function chooseFilters({ client }: BenchStack, users: number): Promise<readonly string[]> {
  const filters: string[] = [];
  for (let number = 0; number < lists; number += 1) {
    const skip = Math.floor((users * (number + 0.5)) / lists);
    const shown = (await readList(client, { skip, pageSize: listSize })).users;
    const [newest, oldest] = [shown[0], shown.at(-1)].map((user) => new Date(epochMs(user?.createdAt)).toISOString());
    filters.push(`created_at <= "${newest}" AND created_at >= "${oldest}"`);
  }
  return filters;
}

async function readLists(
  { client }: BenchStack,
  filters: readonly string[],
): Promise<ReadonlyMap<string, readonly RowMark[]>> {
  const found = new Map<string, readonly RowMark[]>();
  for (const filter of filters) found.set(filter, (await readList(client, { filter })).users.map(markOf));
  return found;
}

async function beAway(sinks: Watchers, load: Load, users: User[], changes: number, seconds: number): Promise<void> {
  await sinks.cut();
  const until = performance.now() + seconds * 1000;
  await load.run(users, { perSecond: changes / Math.max(1, seconds - 5), seconds: Math.max(1, seconds - 5) });
  await wait(Math.max(0, until - performance.now()));
}

async function comeBack(
  bench: BenchStack,
  load: Load,
  sinks: Watchers,
  filters: readonly string[],
  from: 'token' | 'list',
): Promise<Cost> {
  const { stack } = bench;
  const expected = await readLists(bench, filters);
  const before = await sinks.read();
  const server = stack.servers[0]?.pid() ?? 0;
  const cpu = countCpu({ server: () => [server], envoy: () => [stack.envoy.pid()], postgres: load.postgresPids });
  await sinks.reopen(from);
  const { fault } = await sinks.settle(expected, patienceMs);
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
  const where = `${size.watchers} watchers of ${lists} lists of ${listSize} in a store of ${size.users.toLocaleString('en')}, after ${size.changes.toLocaleString('en')} changes`;
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
