import { type FeedKind, type FeedRound, runFeedRound, type Traffic, theWriting } from '../feed-round.ts';
import { openLoad } from '../load.ts';
import type { Pace } from '../pace.ts';
import { median, type Result } from '../report.ts';
import { homes, startFilledStack } from '../stack.ts';

const kinds = ['roster', 'sse-per-client', 'sse-once', 'grpc'] as const satisfies readonly FeedKind[];
const names: Readonly<Record<FeedKind, string>> = {
  roster: 'Roster, through Envoy',
  'sse-per-client': 'Fastify + SSE, encoded for each client',
  'sse-once': 'Fastify + SSE, encoded once',
  grpc: 'grpc-js + protobuf-ts',
};
/** A list that its watchers hold as a whole. */
const users = 1000;

const traffics: readonly (Traffic & { readonly goal: number })[] = [
  { watchers: 200, perSecond: 400, seconds: 8, goal: 1 / 7 },
  { watchers: 990, perSecond: 20, seconds: 8, goal: 1 },
];

/** What a delivered change costs in processor time, against feeds that one would write by hand. */
export async function measureFanOut(pace: Pace): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  const load = await openLoad(bench.stack.databaseUrl);
  try {
    const results: Result[] = [];
    for (const { seconds, ...rest } of traffics) {
      const traffic = { ...rest, seconds: pace.seconds(seconds) };
      const measured = new Map<FeedKind, FeedRound[]>(kinds.map((kind) => [kind, []]));
      for (let round = 0; round < pace.rounds; round += 1) {
        for (const kind of kinds) {
          const measuredRound = await runFeedRound(bench, load, kind, traffic);
          measured.get(kind)?.push(measuredRound);
          console.log(`  round ${round + 1}, ${names[kind]}: ${measuredRound.totalUs.toFixed(2)} µs`);
        }
      }
      results.push(resultOf(traffic, measured));
    }
    return results;
  } finally {
    await load.close();
    await bench.stop();
  }
}

function resultOf(
  traffic: Traffic & { readonly goal: number },
  measured: ReadonlyMap<FeedKind, readonly FeedRound[]>,
): Result {
  const totals = (kind: FeedKind) => (measured.get(kind) ?? []).map((round) => round.totalUs);
  const ratios = totals('roster').map((us, round) => us / (totals('sse-per-client')[round] ?? Number.NaN));
  const all = [...measured.values()].flat();
  const fault = all.find((round) => !round.holds)?.fault;
  return {
    name: `CPU per delivered change, ${traffic.watchers} watchers × ${traffic.perSecond}/s`,
    measured: `median of ${ratios.length} rounds of ${traffic.seconds} s, against SSE encoded for each client; from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    value: median(ratios),
    unit: '×',
    goal: traffic.goal,
    gate: {
      name: `every watcher holds what a fresh list shows${fault ? ` (${fault})` : ''}`,
      holds: fault === undefined,
    },
    details: [
      ...kinds.map((kind) => describe(kind, measured.get(kind) ?? [])),
      `without the writing itself, which is the same for all: ${median(ratiosWithoutWriting(measured)).toFixed(2)} ×`,
    ],
  };
}

function ratiosWithoutWriting(measured: ReadonlyMap<FeedKind, readonly FeedRound[]>): readonly number[] {
  const delivering = (kind: FeedKind) =>
    (measured.get(kind) ?? []).map(({ totalUs, costUs }) => totalUs - (costUs[theWriting] ?? 0));
  const peers = delivering('sse-per-client');
  return delivering('roster').map((us, round) => us / (peers[round] ?? Number.NaN));
}

function describe(kind: FeedKind, measured: readonly FeedRound[]): string {
  const parts = Object.keys(measured[0]?.costUs ?? {}).map(
    (name) => `${name} ${median(measured.map((round) => round.costUs[name] ?? 0)).toFixed(2)}`,
  );
  const total = median(measured.map((round) => round.totalUs)).toFixed(2);
  const p50 = median(measured.map((round) => round.counts.latency.p50));
  const p99 = median(measured.map((round) => round.counts.latency.p99));
  return `${names[kind]}: ${total} µs (${parts.join(', ')}); commit to watcher p50 ${p50} ms, p99 ${p99} ms`;
}
