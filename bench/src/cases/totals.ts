import { type User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { createDatabase } from '@roster/server/database/database';
import { readListQuery } from '@roster/server/features/users/list-query';
import { type FeedChange, type FeedEntry, isChange } from '@roster/server/watch/feed-change';
import { createFeedStore, type FeedStore } from '@roster/server/watch/feed-store';
import { createCountGate, createLiveTotal } from '@roster/server/watch/live-total';
import { createScopeGroups } from '@roster/server/watch/scope-groups';
import type { Pace } from '../pace.ts';
import { median, type Result } from '../report.ts';
import { startFilledStack } from '../stack.ts';

const users = 1_000_000;
const filters = [
  '',
  'role = ADMIN',
  'state = SUSPENDED',
  'tags:vip',
  'created_at > 2024-01-01',
  'metadata.plan = "team"',
];

/** What it costs to keep the totals of six lists exact, a change, against counting one of them, the whole store, anew. */
export async function measureTotals(pace: Pace): Promise<Result> {
  const { stack, client, stop } = await startFilledStack(users);
  const database = createDatabase({
    url: stack.databaseUrl,
    password: undefined,
    maxConnections: 4,
    statementTimeoutMs: 120_000,
    onConnectionError: () => undefined,
  });
  try {
    const store = createFeedStore(database);
    const totals = await startTotals(store);
    await changeRoles(client, 200 * pace.rounds);
    const changes = await readOn(store, totals.startedAt);
    totals.groups.tell(changes);
    const holds = await areExact(store, totals);
    const foldMs = timeFolding(await startTotals(store), changes, pace.seconds(50));
    const countMs: number[] = [];
    for (let round = 0; round < 3 * pace.rounds; round += 1) countMs.push(await timeCount(store));
    return {
      name: 'live totals',
      measured: `keeping ${filters.length} totals, a change, against one count of ${users.toLocaleString('en')} users by role and state`,
      value: foldMs / median(countMs),
      unit: '×',
      goal: 1 / 1000,
      gate: { name: `after ${changes.length} changes each total is what count(*) says`, holds },
      details: [`a change: ${(foldMs * 1000).toFixed(1)} µs`, `a count: median ${median(countMs).toFixed(0)} ms`],
    };
  } finally {
    await database.close();
    await stop();
  }
}

type Totals = Awaited<ReturnType<typeof startTotals>>;

/** The lists of the filters, counted, and the position from which their groups must be told of changes. */
async function startTotals(store: FeedStore) {
  const startedAt = (await store.readHead()).seq;
  const groups = createScopeGroups();
  const gate = createCountGate(1);
  const { signal } = new AbortController();
  const onError = (error: unknown) => console.error(error);
  const lists = filters.map((filter) => {
    const { scope } = readListQuery(ListUsersRequest.create({ filter }));
    return groups.add(
      scope,
      startedAt,
      createLiveTotal(scope, { store, gate, signal, onKnown: () => undefined, onError }),
    );
  });
  for (const list of lists) await list.live.count();
  return { groups, lists, startedAt };
}

async function changeRoles(client: UserServiceClient, count: number): Promise<void> {
  const people: User[] = [];
  // The oldest, so that nobody is among them who has signed in to another case since.
  const request = ListUsersRequest.create({ pageSize: count, orderBy: 'created_at' });
  for await (const user of client.listUsers(request).responses) people.push(user);
  for (const { id, role } of people) {
    const next = role === UserRole.ADMIN ? UserRole.VIEWER : UserRole.ADMIN;
    await client.updateUser(UpdateUserRequest.create({ id, user: { role: next }, updateMask: { paths: ['role'] } }))
      .response;
  }
}

async function readOn(store: FeedStore, after: number): Promise<readonly FeedChange[]> {
  while ((await store.advance(1000)) > 0);
  const head = await store.readHead();
  const entries: FeedEntry[] = [];
  while (after + entries.length < head.seq) entries.push(...(await store.readAfter(after + entries.length, 1000)));
  return entries.filter(isChange);
}

async function areExact(store: FeedStore, { lists }: Totals): Promise<boolean> {
  const { signal } = new AbortController();
  for (const { scope, live } of lists) {
    const { facets } = await store.count(scope, signal);
    if (facets.total().size !== live.total?.size) return false;
  }
  return true;
}

/** Milliseconds a change; the same changes are told again and again, which makes the totals wrong and costs the same. */
function timeFolding({ groups }: Totals, changes: readonly FeedChange[], repeats: number): number {
  const startedAt = performance.now();
  for (let repeat = 0; repeat < repeats; repeat += 1) groups.tell(changes);
  return (performance.now() - startedAt) / (repeats * changes.length);
}

async function timeCount(store: FeedStore): Promise<number> {
  const { scope } = readListQuery(ListUsersRequest.create());
  const startedAt = performance.now();
  await store.count(scope, new AbortController().signal);
  return performance.now() - startedAt;
}
