import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { openFeeds } from '../open-feeds.ts';
import { startPeer } from '../peers.ts';
import { readList } from '../read-list.ts';
import type { Result } from '../report.ts';
import { homes, startFilledStack } from '../stack.ts';

const users = 1000;
const count = 10_000;
const warmUpFeeds = 500;

/** Resident memory of one process, before and with so many feeds open. */
interface Growth {
  readonly beforeKib: number;
  readonly afterKib: number;
}

interface Feeds {
  readonly port: number;
  readonly token: string;
  readonly request: Parameters<typeof openFeeds>[2][number];
}

/** What a live list costs in memory while nothing happens, in the server and in Envoy; beside it, what a stream costs in what the server is built upon. */
export async function measureIdleMemory(): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const port = Number(new URL(`http://${bench.stack.grpcUrl}`).port);
    const { resumeToken } = await readList(bench.client, { pageSize: 1 });
    const feeds = { port, token: bench.token, request: { pageSize: 1, resumeToken } };
    const [server, envoy] = [bench.stack.servers[0]?.pid() ?? 0, bench.stack.envoy.pid()];
    const grown = await openMany(feeds, [server, envoy]);
    const [inServer, inEnvoy] = grown.processes;
    const [grpc, http2] = [await measureBare('grpc'), await measureBare('http2')];
    return [
      {
        name: `memory of an idle feed, ${count.toLocaleString('en')} open`,
        measured: 'growth of resident memory in the server, two heartbeats later',
        value: kibAFeed(inServer),
        unit: 'KiB',
        goal: 10,
        gate: {
          name: 'all are open, and each has got a heartbeat',
          holds: grown.areAlive && grpc.areAlive && http2.areAlive,
        },
        details: [
          `server: ${describe(inServer)}`,
          `Envoy: ${describe(inEnvoy)}`,
          `bare grpc-js: ${describe(grpc.processes[0])}`,
          `bare node:http2: ${describe(http2.processes[0])}`,
        ],
      },
    ];
  } finally {
    await bench.stop();
  }
}

async function measureBare(kind: 'grpc' | 'http2') {
  const peer = await startPeer('idle-feed', kind);
  try {
    return await openMany({ port: peer.port, token: '', request: { pageSize: 1 } }, [peer.pid]);
  } finally {
    await peer.stop();
  }
}

/** Opens some and closes them, so that what is there once for all does not count; then many, until each has shown that it lives. */
async function openMany({ port, token, request }: Feeds, pids: readonly number[]) {
  const requests = (length: number) => Array.from({ length }, () => request);
  const warmUp = await openFeeds(port, token, requests(warmUpFeeds), () => undefined);
  await warmUp.close();
  await wait(3000);
  const before = pids.map(residentKib);
  let beats = 0;
  const feeds = await openFeeds(port, token, requests(count), (_, event) => {
    if (event.oneofKind === 'checkpoint') beats += 1;
  });
  // Two heartbeats, so that garbage of the opening is gone.
  await wait(33_000);
  const processes = pids.map((pid, at): Growth => ({ beforeKib: before[at] ?? 0, afterKib: residentKib(pid) }));
  const failure = await Promise.race([feeds.failed, wait(1)]);
  await feeds.close();
  return { processes, areAlive: failure === undefined && beats >= count };
}

function kibAFeed(growth: Growth | undefined): number {
  return growth ? (growth.afterKib - growth.beforeKib) / count : Number.NaN;
}

function describe(growth: Growth | undefined): string {
  const mib = (kib = 0) => (kib / 1024).toFixed(0);
  return `${mib(growth?.beforeKib)} MiB, then ${mib(growth?.afterKib)} MiB: ${kibAFeed(growth).toFixed(1)} KiB a feed`;
}

function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
}
