import { setTimeout as wait } from 'node:timers/promises';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { type OpenFeeds, openFeeds } from '../open-feeds.ts';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { median, percentile, type Result } from '../report.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';

const users = 1000;
const fullFilters = 10_000;
const changesARound = 60;

interface Measured {
  readonly latencies: readonly number[];
  readonly fault: string;
}

/** From a save to the watcher whose list the changed user enters, with ten thousand other lists open, each with a filter of its own, against one alone. */
export async function measureFilters(pace: Pace): Promise<Result> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const count = pace.seconds(fullFilters);
    const alone: Measured[] = [];
    const many: Measured[] = [];
    for (let round = 0; round < pace.rounds; round += 1) {
      alone.push(await measureRound(bench, 1));
      many.push(await measureRound(bench, count));
    }
    const all = (measured: readonly Measured[]) => measured.flatMap(({ latencies }) => latencies);
    const fault = [...alone, ...many].find((measured) => measured.fault !== '')?.fault;
    return {
      name: `latency of a change, ${count.toLocaleString('en')} distinct filters against one`,
      measured: `median of ${all(many).length} saves, from the call to the watcher`,
      value: median(all(many)) / median(all(alone)),
      unit: '×',
      goal: 1.3,
      gate: { name: `every watcher holds what its filter matches${fault ? ` (${fault})` : ''}`, holds: !fault },
      details: [
        `one filter: median ${median(all(alone)).toFixed(1)} ms, p95 ${percentile(all(alone), 0.95).toFixed(1)} ms`,
        `${count.toLocaleString('en')}: median ${median(all(many)).toFixed(1)} ms, p95 ${percentile(all(many), 0.95).toFixed(1)} ms`,
      ],
    };
  } finally {
    await bench.stop();
  }
}

/** Texts, times with a role, and metadata; a third of the filters each. The saves concern those of the first kind. */
function filterOf(number: number): string {
  const at = new Date(Date.UTC(2090, 0, 1) + number * 1000).toISOString();
  return (
    [`name:"${markOf(number)}"`, `role = VIEWER AND created_at > ${at}`, `metadata.bench = "v${number}"`][number % 3] ??
    ''
  );
}

function markOf(number: number): string {
  return `qxz${number}q`;
}

async function measureRound(bench: BenchStack, count: number): Promise<Measured> {
  const { users: people } = await readList(bench.client);
  const person = people[0];
  if (!person) throw new Error('There is nobody to rename.');
  await rename(bench, person, 'Nobody');
  const held = Array.from({ length: count }, () => new Map<string, number>());
  let onArrival: (feed: number) => void = () => undefined;
  const requests = Array.from({ length: count }, (_, number) => ({ filter: filterOf(number), pageSize: 1 }));
  const port = Number(new URL(`http://${bench.stack.grpcUrl}`).port);
  const feeds = await openFeeds(port, requests, (feed, event) => {
    if (event.oneofKind !== 'changes') return;
    for (const { id, revision } of event.changes.upserts) held[feed]?.set(id, revision);
    for (const { id } of event.changes.removals) held[feed]?.delete(id);
    onArrival(feed);
  });
  await untilCounted(bench, feeds);
  const latencies: number[] = [];
  let target = 0;
  for (let change = 0; change < changesARound; change += 1) {
    // Always one of the first kind; alone, the same one after somebody else's name.
    target = count === 1 ? 0 : 3 * Math.floor((Math.random() * count) / 3);
    if (count === 1) await rename(bench, person, 'Nobody');
    const startedAt = performance.now();
    const arrived = new Promise<number>((resolve) => {
      onArrival = (feed) => {
        if (feed === target && held[feed]?.has(person.id)) resolve(performance.now());
      };
    });
    await rename(bench, person, markOf(target));
    latencies.push((await arrived) - startedAt);
    // The window after a batch is over, so that each save meets a quiet server.
    await wait(300);
  }
  const wrong = held.findIndex((rows, feed) => (feed === target ? rows.size !== 1 : rows.size !== 0));
  await feeds.close();
  return { latencies, fault: wrong < 0 ? '' : `watcher ${wrong} of ${count} holds ${held[wrong]?.size} users` };
}

/** The first counts of so many lists run behind their opening. */
async function untilCounted(bench: BenchStack, feeds: OpenFeeds): Promise<void> {
  await wait(1000);
  await Promise.race([readList(bench.client, { filter: 'name:"behind all others"' }), feeds.failed]);
}

async function rename({ client }: BenchStack, user: User, name: string): Promise<void> {
  const request = UpdateUserRequest.create({ id: user.id, user: { name }, updateMask: { paths: ['name'] } });
  await client.updateUser(request).response;
}
