import { Agent, get } from 'node:http';
import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { Client } from 'pg';
import { type CpuTimes, countCpu, type ProcessGroups, parentOf, processTree, totalOf } from '../cpu.ts';
import type { Pace } from '../pace.ts';
import { startPeer } from '../peers.ts';
import { median, type Result } from '../report.ts';
import { type BenchStack, startFilledStack } from '../stack.ts';

/** A store of its own: all its rows keep their encoding. The size of the table does not show in its first page. */
const home = '.roster/bench-pages';
const users = 20_000;
const pageSize = 100;
const pagesARound = 500;

const names = { roster: 'Roster', json: 'Fastify + pg, JSON', grpc: 'grpc-js + protobuf-ts' } as const;
type Kind = keyof typeof names;
const kinds: readonly Kind[] = ['roster', 'json', 'grpc'];

interface Contender {
  /** Reads the page; resolves with the ids and revisions of its users. */
  readonly read: () => Promise<readonly string[]>;
  readonly groups: ProcessGroups;
}

/** Processor time of a page of a hundred, from the database to the wire: of the server and of PostgreSQL, and of Envoy apart. */
export async function measurePageCpu(pace: Pace): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, home);
  const [jsonPeer, grpcPeer] = [
    await startPeer('json-page', bench.stack.databaseUrl),
    await startPeer('grpc-page', bench.stack.databaseUrl),
  ];
  const transport = new GrpcTransport({
    host: `127.0.0.1:${grpcPeer.port}`,
    channelCredentials: ChannelCredentials.createInsecure(),
  });
  try {
    const postgres = await postgresPids(bench.stack.databaseUrl);
    const contenders: Record<Kind, Contender> = {
      roster: {
        read: () => readRoster(bench.client),
        groups: {
          server: () => bench.stack.servers.map((server) => server.pid()),
          PostgreSQL: postgres,
          Envoy: () => [bench.stack.envoy.pid()],
        },
      },
      json: { read: () => readJson(jsonPeer.port), groups: { server: () => [jsonPeer.pid], PostgreSQL: postgres } },
      grpc: {
        read: () => readGrpc(new UserServiceClient(transport)),
        groups: { server: () => [grpcPeer.pid], PostgreSQL: postgres },
      },
    };
    return await measure(contenders, pace);
  } finally {
    transport.close();
    await jsonPeer.stop();
    await grpcPeer.stop();
    await bench.stop();
  }
}

async function measure(contenders: Record<Kind, Contender>, pace: Pace): Promise<readonly Result[]> {
  const pages = await Promise.all(kinds.map((kind) => contenders[kind].read()));
  const isSame = new Set(pages.map((page) => page.join())).size === 1 && pages[0]?.length === pageSize;
  const costs: Record<Kind, CpuTimes[]> = { roster: [], json: [], grpc: [] };
  for (const kind of kinds) await readMany(contenders[kind], 200);
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const kind of kinds) {
      const spent = countCpu(contenders[kind].groups);
      await readMany(contenders[kind], pagesARound);
      costs[kind].push(spent());
    }
  }
  const against = (peer: Kind, goal: number): Result => ({
    name: `CPU per page of ${pageSize}, against ${names[peer]}`,
    measured: `median of ${pace.rounds} rounds of ${pagesARound} pages, server and PostgreSQL; with Envoy ${ratio(costs, peer, totalOf).toFixed(2)}`,
    value: ratio(costs, peer, withoutEnvoy),
    unit: '×',
    goal,
    gate: { name: 'all send the same users at the same revisions', holds: isSame },
    details: kinds.map((kind) => describe(kind, costs[kind])),
  });
  return [against('json', 0.5), against('grpc', 0.2)];
}

/** Four at a time, so that nobody waits for the reader. */
async function readMany({ read }: Contender, count: number): Promise<void> {
  let left = count;
  const reader = async () => {
    for (; left > 0; left -= 1) await read();
  };
  await Promise.all([reader(), reader(), reader(), reader()]);
}

function withoutEnvoy({ Envoy: _, ...rest }: CpuTimes): number {
  return totalOf(rest);
}

function ratio(costs: Record<Kind, CpuTimes[]>, peer: Kind, cost: (times: CpuTimes) => number): number {
  return median(costs.roster.map((ours, round) => cost(ours) / totalOf(costs[peer][round] ?? {})));
}

function describe(kind: Kind, rounds: readonly CpuTimes[]): string {
  const parts = Object.keys(rounds[0] ?? {}).map(
    (group) => `${group} ${(median(rounds.map((times) => times[group] ?? 0)) / pagesARound).toFixed(2)}`,
  );
  return `${names[kind]}: ${parts.join(', ')} ms a page`;
}

async function postgresPids(databaseUrl: string): Promise<() => readonly number[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = parentOf(rows[0]?.pid ?? 0);
  await client.end();
  return () => processTree(postmaster);
}

async function readRoster(client: BenchStack['client']): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { feed } of client.listUsers(ListUsersRequest.create({ pageSize, envelope: true })).responses) {
    if (feed?.event.oneofKind === 'changes') found.push(...feed.event.changes.upserts.map(markOf));
  }
  return found;
}

async function readGrpc(client: UserServiceClient): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const user of client.listUsers(ListUsersRequest.create({ pageSize })).responses) found.push(markOf(user));
  return found;
}

const agent = new Agent({ keepAlive: true });

function readJson(port: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent, path: `/users?size=${pageSize}` }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve(JSON.parse(text).map(markOf));
    });
    request.on('error', reject);
  });
}

function markOf({ id, revision }: { readonly id: string; readonly revision: number }): string {
  return `${id} ${revision}`;
}
