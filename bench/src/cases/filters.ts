import { setTimeout as wait } from 'node:timers/promises';
import type { User, UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { type OpenFeeds, openFeeds } from '../open-feeds.ts';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { median, percentile, type Result } from '../report.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';

const users = 1000;
const count = 10_000;
const changesARound = 60;

interface Measured {
  /** From the call to the watcher, in ms, and how much of it passed until the call was answered. */
  readonly latencies: readonly number[];
  readonly saves: readonly number[];
  readonly fault: string;
}

/** From a save to the watcher whose list the changed user enters, with ten thousand other lists open, each with a filter of its own, against one alone. */
export async function measureFilters(pace: Pace): Promise<Result> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const alone: Measured[] = [];
    const many: Measured[] = [];
    for (let round = 0; round < pace.rounds; round += 1) {
      alone.push(await measureRound(bench, 1));
      many.push(await measureRound(bench, count));
    }
    const all = (measured: readonly Measured[]) => measured.flatMap(({ latencies }) => latencies);
    const describe = (measured: readonly Measured[]) =>
      `median ${median(all(measured)).toFixed(1)} ms (the save itself ${median(measured.flatMap(({ saves }) => saves)).toFixed(1)}), p95 ${percentile(all(measured), 0.95).toFixed(1)} ms`;
    const fault = [...alone, ...many].find((measured) => measured.fault !== '')?.fault;
    return {
      name: `latency of a change, ${count.toLocaleString('en')} distinct filters against one`,
      measured: `median of ${all(many).length} saves, from the call to the watcher`,
      value: median(all(many)) / median(all(alone)),
      unit: '×',
      goal: 1.3,
      gate: { name: `every watcher holds what its filter matches${fault ? ` (${fault})` : ''}`, holds: !fault },
      details: [`one filter: ${describe(alone)}`, `${count.toLocaleString('en')}: ${describe(many)}`],
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

async function measureRound(bench: BenchStack, lists: number): Promise<Measured> {
  // Somebody may still have such a name from a run before, and would be on a list that is to be empty.
  const { users: left } = await readList(bench.client, { filter: 'name:"qxz"' });
  for (const user of left) await rename(bench, user, 'Nobody');
  const { users: people } = await readList(bench.client);
  const person = people[0];
  if (!person) throw new Error('There is nobody to rename.');
  await rename(bench, person, 'Nobody');
  const held = Array.from({ length: lists }, () => new Map<string, number>());
  const counted = new Set<number>();
  let onArrival: (feed: number) => void = () => undefined;
  const requests = Array.from({ length: lists }, (_, number) => ({ filter: filterOf(number), pageSize: 1 }));
  const port = Number(new URL(`http://${bench.stack.grpcUrl}`).port);
  const feeds = await openFeeds(port, bench.token, requests, (feed, event) => {
    if (isCounted(event)) counted.add(feed);
    if (event.oneofKind !== 'changes') return;
    for (const { id, revision } of event.changes.upserts) held[feed]?.set(id, revision);
    for (const { id } of event.changes.removals) held[feed]?.delete(id);
    onArrival(feed);
  });
  await untilCounted(counted, lists, feeds);
  const latencies: number[] = [];
  const saves: number[] = [];
  let target = 0;
  for (let change = 0; change < changesARound; change += 1) {
    // Always one of the first kind; alone, the same one after somebody else's name.
    target = lists === 1 ? 0 : 3 * Math.floor((Math.random() * lists) / 3);
    // The window after a batch must be over, so that each save meets a quiet server.
    if (lists === 1) await rename(bench, person, 'Nobody');
    await wait(300);
    const startedAt = performance.now();
    const arrived = new Promise<number>((resolve) => {
      onArrival = (feed) => {
        if (feed === target && held[feed]?.has(person.id)) resolve(performance.now());
      };
    });
    await rename(bench, person, markOf(target));
    saves.push(performance.now() - startedAt);
    latencies.push((await arrived) - startedAt);
  }
  const findWrong = () => held.findIndex((rows, feed) => (feed === target ? rows.size !== 1 : rows.size !== 0));
  // The one who loses the person may be told a moment after the one who gets them.
  for (const giveUpAt = Date.now() + 10_000; findWrong() >= 0 && Date.now() < giveUpAt; ) await wait(50);
  const wrong = findWrong();
  await feeds.close();
  return { latencies, saves, fault: wrong < 0 ? '' : `watcher ${wrong} of ${lists} holds ${held[wrong]?.size} users` };
}

function isCounted(event: UserFeed['event']): boolean {
  if (event.oneofKind === 'begin') return event.begin.total?.isMinimum === false;
  return event.oneofKind === 'checkpoint' && event.checkpoint.total?.isMinimum === false;
}

/** The first counts of so many lists run behind their opening, and are no part of what is measured. */
async function untilCounted(counted: ReadonlySet<number>, lists: number, feeds: OpenFeeds): Promise<void> {
  const giveUpAt = Date.now() + 90_000;
  while (counted.size < lists && Date.now() < giveUpAt) {
    const failure = await Promise.race([feeds.failed, wait(200)]);
    if (failure) throw failure;
  }
  if (counted.size < lists)
    console.log(`Only ${counted.size} of ${lists} lists are counted; the others are while it is measured.`);
}

async function rename({ client }: BenchStack, user: User, name: string): Promise<void> {
  const request = UpdateUserRequest.create({ id: user.id, user: { name }, updateMask: { paths: ['name'] } });
  await client.updateUser(request).response;
}
