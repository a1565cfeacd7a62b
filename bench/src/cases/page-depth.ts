import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { median, percentile, type Result } from '../report.ts';
import { startFilledStack } from '../stack.ts';

const users = 1_000_000;
const pageSize = 100;
const rounds = 60;

interface Page {
  readonly ids: readonly string[];
  readonly nextPageToken: string;
  readonly ms: number;
}

/** A page of a hundred at 99 % of a million against the first page, both through Envoy, by turns. */
export async function measurePageDepth(): Promise<Result> {
  const { client, stop } = await startFilledStack(users);
  try {
    const depth = users * 0.99;
    const before = await readPage(client, { skip: depth - 1, pageSize: 1 });
    const bySkip = await readPage(client, { skip: depth });
    const deep = { pageToken: before.nextPageToken };
    const isSame = (await readPage(client, deep)).ids.join() === bySkip.ids.join();
    const first: number[] = [];
    const last: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      first.push((await readPage(client, {})).ms);
      last.push((await readPage(client, deep)).ms);
    }
    return {
      name: 'page at 99 % depth',
      measured: `median of ${rounds} pages of ${pageSize} at 99 % of ${users.toLocaleString('en')} users, against page 1`,
      value: median(last) / median(first),
      unit: '×',
      goal: 1.5,
      gate: { name: 'the page by token is the page by number', holds: isSame && bySkip.ids.length === pageSize },
      details: [
        `page 1: median ${median(first).toFixed(1)} ms, p95 ${percentile(first, 0.95).toFixed(1)} ms`,
        `page at 99 %: median ${median(last).toFixed(1)} ms, p95 ${percentile(last, 0.95).toFixed(1)} ms; by number once: ${bySkip.ms.toFixed(0)} ms`,
      ],
    };
  } finally {
    await stop();
  }
}

async function readPage(client: UserServiceClient, request: Partial<ListUsersRequest>): Promise<Page> {
  const startedAt = performance.now();
  const call = client.listUsers(ListUsersRequest.create({ pageSize, envelope: true, ...request }));
  const ids: string[] = [];
  let nextPageToken = '';
  for await (const { feed } of call.responses) {
    if (feed?.event.oneofKind === 'changes') ids.push(...feed.event.changes.upserts.map((user) => user.id));
    if (feed?.event.oneofKind === 'end') nextPageToken = feed.event.end.nextPageToken;
  }
  return { ids, nextPageToken, ms: performance.now() - startedAt };
}
