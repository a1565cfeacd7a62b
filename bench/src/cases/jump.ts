import { setTimeout as wait } from 'node:timers/promises';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { Client } from 'pg';
import type { Pace } from '../pace.ts';
import { median, percentile, type Result } from '../report.ts';
import { startFilledStack } from '../stack.ts';

const users = 1_000_000;
const pageSize = 100;
const goalMs = 10;

/** Lists that are scrolled, and what OFFSET must do for them. */
const lists = [
  { orderBy: 'created_at desc', filter: '', where: 'true', by: 'created_at desc, id desc' },
  { orderBy: 'name', filter: '', where: 'true', by: 'name_key, id' },
  { orderBy: 'created_at desc', filter: 'role = VIEWER', where: 'role = 3', by: 'created_at desc, id desc' },
] as const;

type List = (typeof lists)[number];

/** Pages at random ranks of a million, through Envoy, against OFFSET in the database alone. */
export async function measureJump(pace: Pace): Promise<readonly Result[]> {
  const { stack, client, stop } = await startFilledStack(users);
  const database = new Client({ connectionString: stack.databaseUrl });
  try {
    await database.connect();
    const results: Result[] = [];
    for (const list of lists) results.push(await measureList(client, database, list, pace));
    return results;
  } finally {
    await database.end();
    await stop();
  }
}

async function measureList(client: UserServiceClient, database: Client, list: List, pace: Pace): Promise<Result> {
  const size = await countOf(database, list);
  const randomRank = () => 1000 + Math.floor(Math.random() * (size - 2000));
  const walked = (await jump(client, list, randomRank())).ms;
  const builtMs = await untilBuilt(client, list, randomRank);
  const jumps: number[] = [];
  const firsts: number[] = [];
  for (let count = 0; count < 100 * pace.rounds; count += 1) {
    jumps.push((await jump(client, list, randomRank())).ms);
    firsts.push((await jump(client, list, 0)).ms);
  }
  const offsets: number[] = [];
  let wrong = 0;
  for (let count = 0; count < 4 * pace.rounds; count += 1) {
    const rank = randomRank();
    const offset = await offsetOf(database, list, rank);
    offsets.push(offset.ms);
    if (offset.ids.join() !== (await jump(client, list, rank)).ids.join()) wrong += 1;
  }
  const p95 = percentile(jumps, 0.95);
  return {
    name: `jump to a random rank of ${size.toLocaleString('en')}, by ${list.orderBy}${list.filter && `, ${list.filter}`}`,
    measured: `p95 of ${jumps.length} pages of ${pageSize} through Envoy`,
    value: p95,
    unit: 'ms',
    goal: goalMs,
    gate: { name: `${offsets.length} pages are those of OFFSET`, holds: wrong === 0 },
    details: [
      `jump: median ${median(jumps).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${percentile(jumps, 0.99).toFixed(1)} ms`,
      `page 1 by turns with them: median ${median(firsts).toFixed(1)} ms, p95 ${percentile(firsts, 0.95).toFixed(1)} ms`,
      `OFFSET, in the database alone: median ${median(offsets).toFixed(0)} ms, so ${(median(offsets) / median(jumps)).toFixed(0)} times as long`,
      `first jump, which walks: ${walked.toFixed(0)} ms; pivots there after ${builtMs.toFixed(0)} ms`,
    ],
  };
}

/** Jumps now and then until it is fast. */
async function untilBuilt(client: UserServiceClient, list: List, randomRank: () => number): Promise<number> {
  const startedAt = performance.now();
  for (let inARow = 0; inARow < 3; ) {
    const { ms } = await jump(client, list, randomRank());
    inARow = ms < 5 * goalMs ? inARow + 1 : 0;
    if (performance.now() - startedAt > 60_000) break;
    await wait(50);
  }
  return performance.now() - startedAt;
}

async function jump(client: UserServiceClient, { orderBy, filter }: List, skip: number) {
  const startedAt = performance.now();
  const ids: string[] = [];
  const request = ListUsersRequest.create({ orderBy, filter, skip, pageSize, envelope: true });
  for await (const { feed } of client.listUsers(request).responses) {
    if (feed?.event.oneofKind === 'changes') ids.push(...feed.event.changes.upserts.map((user) => user.id));
  }
  return { ids, ms: performance.now() - startedAt };
}

async function offsetOf(database: Client, { where, by }: List, rank: number) {
  const startedAt = performance.now();
  const { rows } = await database.query<{ id: string }>(
    `select id from users where deleted_at is null and ${where} order by ${by} limit ${pageSize} offset ${rank}`,
  );
  return { ids: rows.map(({ id }) => id), ms: performance.now() - startedAt };
}

async function countOf(database: Client, { where }: List): Promise<number> {
  const { rows } = await database.query<{ size: string }>(
    `select count(*) as size from users where deleted_at is null and ${where}`,
  );
  return Number(rows[0]?.size);
}
