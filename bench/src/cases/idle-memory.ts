import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { openFeeds } from '../open-feeds.ts';
import { readList } from '../read-list.ts';
import type { Result } from '../report.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';

const users = 1000;
const count = 10_000;
const warmUpFeeds = 500;

/** What a live list costs in memory while nothing happens, in the server and in Envoy. */
export async function measureIdleMemory(): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const port = Number(new URL(`http://${bench.stack.grpcUrl}`).port);
    const { resumeToken } = await readList(bench.client, { pageSize: 1 });
    const request = { pageSize: 1, resumeToken };
    const warmUp = await openFeeds(
      port,
      bench.token,
      Array.from({ length: warmUpFeeds }, () => request),
      () => undefined,
    );
    await warmUp.close();
    await wait(3000);
    const before = read(bench);
    let beats = 0;
    const feeds = await openFeeds(
      port,
      bench.token,
      Array.from({ length: count }, () => request),
      (_, event) => {
        if (event.oneofKind === 'checkpoint') beats += 1;
      },
    );
    // Two heartbeats, so that garbage of the opening is gone and all have shown that they live.
    await wait(33_000);
    const after = read(bench);
    const refused = await Promise.race([feeds.failed, wait(1)]);
    await feeds.close();
    const kib = (name: 'server' | 'envoy') => (after[name] - before[name]) / count;
    return [
      {
        name: `memory of an idle feed, ${count.toLocaleString('en')} open`,
        measured: 'growth of resident memory in the server, two heartbeats later',
        value: kib('server'),
        unit: 'KiB',
        goal: 10,
        gate: { name: 'all are open, and each has got a heartbeat', holds: refused === undefined && beats >= count },
        details: [
          `server: ${(before.server / 1024).toFixed(0)} MiB, then ${(after.server / 1024).toFixed(0)} MiB`,
          `Envoy: ${(before.envoy / 1024).toFixed(0)} MiB, then ${(after.envoy / 1024).toFixed(0)} MiB: ${kib('envoy').toFixed(1)} KiB a feed`,
          ...(refused ? [`a feed ended: ${refused.message}`] : []),
        ],
      },
    ];
  } finally {
    await bench.stop();
  }
}

function read({ stack }: BenchStack): { readonly server: number; readonly envoy: number } {
  return { server: residentKib(stack.servers[0]?.pid() ?? 0), envoy: residentKib(stack.envoy.pid()) };
}

function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
}
