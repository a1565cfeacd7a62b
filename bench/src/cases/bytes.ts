import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { User, type UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { toJsonUser } from '../../peers/lib/feed-tail.ts';
import { openLoad } from '../load.ts';
import { readList } from '../read-list.ts';
import type { Result } from '../report.ts';
import { frame } from '../sinks/split.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';

const users = 1000;
const pageSize = 100;

/** The same data as Roster sends it and as JSON. */
interface Pair {
  readonly name: string;
  readonly ours: Buffer;
  readonly json: Buffer;
  readonly isSame: boolean;
}

const codings: Readonly<Record<string, (bytes: Buffer) => number>> = {
  raw: (bytes) => bytes.length,
  gzip: (bytes) => gzipSync(bytes).length,
  brotli: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length,
};

/** Bytes of a page and of one changed field against JSON and server-sent events. */
export async function measureBytes(): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const page = await pagePair(bench);
    const change = await changePair(bench);
    // Envoy compresses answers that end; the feed it does not, so that each change leaves at once.
    return [
      ...Object.keys(codings).map((coding) => resultOf(page, coding)),
      resultOf(change, 'raw'),
      resultOf(change, 'gzip'),
    ];
  } finally {
    await bench.stop();
  }
}

async function pagePair({ client }: BenchStack): Promise<Pair> {
  const messages: Buffer[] = [];
  const shown: User[] = [];
  let nextPageToken = '';
  let total = 0;
  const call = client.listUsers(ListUsersRequest.create({ pageSize, envelope: true }));
  for await (const message of call.responses) {
    messages.push(frame(User.toBinary(message)));
    const event = message.feed?.event;
    if (event?.oneofKind === 'begin') total = event.begin.total?.size ?? 0;
    if (event?.oneofKind === 'changes') shown.push(...event.changes.upserts);
    if (event?.oneofKind === 'end') nextPageToken = event.end.nextPageToken;
  }
  const json = Buffer.from(JSON.stringify({ users: shown.map(toJsonUser), total, nextPageToken }));
  return {
    name: `page of ${pageSize} users`,
    ours: Buffer.concat(messages),
    json,
    isSame: countUsers(json) === pageSize,
  };
}

function countUsers(json: Buffer): number {
  const { users } = JSON.parse(json.toString()) as { users: readonly unknown[] };
  return users.length;
}

/** One changed name as a watcher gets it: the changes and the checkpoint behind them. */
async function changePair({ client, stack }: BenchStack): Promise<Pair> {
  const list = await readList(client, { pageSize: 1 });
  const load = await openLoad(stack.databaseUrl);
  const abort = new AbortController();
  const request = ListUsersRequest.create({ watch: true, pageSize: 1, resumeToken: list.resumeToken });
  const call = client.listUsers(request, { abort: abort.signal });
  const messages: Buffer[] = [];
  let changed: User | undefined;
  try {
    for await (const message of call.responses) {
      const event: UserFeed['event'] = message.feed?.event ?? { oneofKind: undefined };
      if (event.oneofKind === 'resumed') await load.run(list.users, { perSecond: 1, seconds: 1 });
      if (event.oneofKind === 'changes') changed = event.changes.upserts[0];
      if (changed) messages.push(frame(User.toBinary(message)));
      if (changed && event.oneofKind === 'checkpoint') break;
    }
  } finally {
    abort.abort();
    await load.close();
  }
  if (!changed) throw new Error('The change did not come.');
  const event = `id: ${changed.revision}\ndata: ${JSON.stringify({ type: 'upsert', user: toJsonUser(changed) })}\n\n`;
  const isSame = changed.name === list.users[0]?.name;
  return { name: 'one changed field', ours: Buffer.concat(messages), json: Buffer.from(event), isSame };
}

function resultOf({ name, ours, json, isSame }: Pair, coding: string): Result {
  const size = codings[coding] ?? ((bytes: Buffer) => bytes.length);
  return {
    name: `${name}, ${coding}`,
    measured: 'gRPC-Web frames against JSON of the same users',
    value: size(ours) / size(json),
    unit: '×',
    goal: 1,
    gate: { name: 'both carry the same users', holds: isSame },
    details: [`Roster ${size(ours).toLocaleString('en')} bytes, JSON ${size(json).toLocaleString('en')} bytes`],
  };
}
