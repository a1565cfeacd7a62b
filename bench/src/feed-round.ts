import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type CpuTimes, countCpu, type ProcessGroups, totalOf } from './cpu.ts';
import type { Load } from './load.ts';
import { type Peer, startPeer } from './peers.ts';
import { type ReadList, readList } from './read-list.ts';
import { markOf } from './sinks/decode.ts';
import type { OpenWatchers, SinkCounts } from './sinks/sink-protocol.ts';
import type { BenchStack } from './stack.ts';
import { openWatchers, type Watchers } from './watchers.ts';

export type FeedKind = 'roster' | 'sse-per-client' | 'sse-once' | 'grpc';

/** The connection of PostgreSQL that writes the changes, apart from those that read them. */
export const theWriting = 'the writing';

export interface Traffic {
  readonly watchers: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** What one feed cost under one traffic. */
export interface FeedRound {
  /** Microseconds of processor time for one change at one watcher, by group. */
  readonly costUs: CpuTimes;
  readonly totalUs: number;
  readonly counts: SinkCounts;
  readonly holds: boolean;
  readonly fault: string;
}

/** Sends the traffic through one feed. Only that feed's server runs meanwhile, and all of PostgreSQL counts with it. */
export async function runFeedRound(
  bench: BenchStack,
  load: Load,
  kind: FeedKind,
  traffic: Traffic,
): Promise<FeedRound> {
  const list = await readList(bench.client);
  const round = await sendThrough(bench, load, kind, traffic, list);
  // The watchers were compared with what the load has written; that in turn is compared with what a new reader sees.
  const { users } = await readList(bench.client);
  const isSame = users.every((user, at) => isSameUser(user, list.users[at]));
  return isSame ? round : { ...round, holds: false, fault: 'a fresh list is not what was written' };
}

async function sendThrough(
  bench: BenchStack,
  load: Load,
  kind: FeedKind,
  traffic: Traffic,
  list: ReadList,
): Promise<FeedRound> {
  const feed = await startFeed(bench, kind, list, traffic.watchers);
  const sinks = await openWatchers(feed.watchers);
  try {
    const cpu = countCpu({ ...feed.groups, postgres: load.postgresPids, [theWriting]: () => [load.writerPid] });
    const changes = await load.run(list.users, traffic);
    const settled = await sinks.settle(new Map([['', list.users.map(markOf)]]));
    const times = cpu();
    const perDelivery = (ms: number) => (ms * 1000) / (changes * traffic.watchers);
    const costUs = Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, perDelivery(ms)]));
    return { costUs, totalUs: perDelivery(totalOf(times)), counts: await sinks.read(), ...settled };
  } finally {
    await sinks.close();
    await feed.stop();
  }
}

function isSameUser(a: User, b: User | undefined): boolean {
  return a.id === b?.id && a.revision === b.revision && a.name === b.name;
}

/** Opens watchers that hold a list and follow it live, as the console does. */
export function openRosterWatchers({ stack, token }: BenchStack, list: ReadList, count: number): Promise<Watchers> {
  return openWatchers({
    protocol: 'web',
    port: Number(new URL(stack.url).port),
    token,
    count,
    held: list.users.map(markOf),
    resumeToken: list.resumeToken,
    filters: [],
  });
}

interface StartedFeed {
  readonly watchers: OpenWatchers;
  readonly groups: ProcessGroups;
  stop(): Promise<void>;
}

async function startFeed(
  { stack, token }: BenchStack,
  kind: FeedKind,
  list: ReadList,
  count: number,
): Promise<StartedFeed> {
  const held = list.users.map(markOf);
  const server = stack.servers[0];
  if (!server) throw new Error('The stack has no server.');
  const common = { token, count, held, resumeToken: list.resumeToken, filters: [] };
  if (kind === 'roster') {
    return {
      watchers: { ...common, protocol: 'web', port: Number(new URL(stack.url).port) },
      groups: { server: () => [server.pid()], envoy: () => [stack.envoy.pid()] },
      stop: async () => undefined,
    };
  }
  await server.stop();
  const peer = await startNamedPeer(kind, stack.databaseUrl);
  return {
    watchers: { ...common, protocol: kind === 'grpc' ? 'grpc' : 'sse', port: peer.port },
    groups: { server: () => [peer.pid] },
    async stop() {
      await peer.stop();
      await server.start();
    },
  };
}

function startNamedPeer(kind: Exclude<FeedKind, 'roster'>, databaseUrl: string): Promise<Peer> {
  switch (kind) {
    case 'sse-per-client':
      return startPeer('sse-feed', databaseUrl, 'per-client');
    case 'sse-once':
      return startPeer('sse-feed', databaseUrl, 'once');
    case 'grpc':
      return startPeer('grpc-feed', databaseUrl);
  }
}
