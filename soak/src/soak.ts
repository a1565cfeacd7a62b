import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { createRandom } from '@roster/server/seed/random';
import { askHost } from '@roster/stack/host-program';
import { type Stack, startStack } from '@roster/stack/stack';
import { createTransport } from '@roster/web/src/rpc/transport.ts';
import { check } from './checker.ts';
import { startConsole } from './console-subscriber.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';
import type { FaultParts } from './faults/fault.ts';
import { otherFaults } from './faults/other-faults.ts';
import { processFaults } from './faults/process-faults.ts';
import { runFaults } from './faults/run-faults.ts';
import { watchedLists } from './filters.ts';
import type { Violation } from './promise.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';
import { restartAllInTurn } from './rolling-restart.ts';
import { createStoreTruth, type StoreTruth } from './store-truth.ts';
import { type Subscriber, startSubscriber } from './subscriber.ts';
import { consolePatience, stubbornPatience } from './until-answered.ts';
import { startWriters } from './writers.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** `faults` breaks everything at random; `rolling` restarts the servers in order, one after another, and lets no call fail. */
  readonly mode: 'faults' | 'rolling';
  readonly say: (line: string) => void;
}

export interface SoakResult {
  readonly events: number;
  readonly kills: number;
  readonly faults: number;
  readonly resumes: number;
  readonly snapshots: number;
  readonly writes: { readonly acknowledged: number; readonly refused: number; readonly unknown: number };
  /** How long the slowest subscriber took to equal the store when all was quiet. */
  readonly convergedMs: number;
  readonly violations: readonly Violation[];
  /** Calls that failed for good, as a user of the console would have seen it. */
  readonly failures: readonly string[];
  readonly recording: Recording;
}

const writesPerSecond = 20;

/** Runs a stack of its own with three servers, disturbs it, lets it come to rest, and judges what everybody was told. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const home = await mkdtemp(join(tmpdir(), 'roster-soak-'));
  const stack = await startStack({
    home,
    port: 0,
    grpcPort: 0,
    serverCount: 3,
    isDurable: true,
    serverSettings: options.mode === 'rolling' ? { ROSTER_DRAIN_MS: '5000' } : {},
    say: (line) => options.say(`  stack: ${line}`),
  });
  try {
    return await soak(stack, options);
  } finally {
    await stack.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function soak(stack: Stack, options: SoakOptions): Promise<SoakResult> {
  const { seed, mode, say } = options;
  const recorder = createRecorder();
  const truth = await createStoreTruth(stack.databaseUrl);
  const wires = await Promise.all([1, 2, 3].map(() => startCuttingProxy(() => stack.envoy.edgePort())));
  const token = await askHost(stack.databaseUrl, [
    'token',
    'create',
    '--role',
    'ADMIN',
    '--expires',
    '2d',
    '--name',
    'Soak',
  ]);
  const meta = { authorization: `Bearer ${token}` };
  const native = createNative(stack.grpcUrl, meta);
  const web = new UserServiceClient(createTransport({ baseUrl: stack.url, meta }));
  const isCalm = mode === 'rolling';
  const writers = startWriters({
    web,
    native: native.client,
    random: createRandom(seed + 1),
    recorder,
    writesPerSecond,
    patience: isCalm ? consolePatience : stubbornPatience,
    hasBulk: !isCalm,
  });
  const subscribers = startSubscribers(seed, wires, native.client, recorder, meta);
  const enough = new AbortController();
  const common = { stack, truth, wires, subscribers, writers, recorder, signal: enough.signal, say };
  setTimeout(() => enough.abort(), options.durationMs).unref();
  try {
    const done = isCalm ? await restartAllInTurn(common) : await disturb(seed, common);
    say('quiet: the writers stop, and everybody may catch up');
    await writers.stop();
    const convergedMs = await settle(truth, subscribers);
    await finish(truth, subscribers, recorder);
    // The checker keeps the process to itself for so long that streams seem to fall silent meanwhile.
    const recording = [...recorder.recording];
    const { events, resumes, snapshots, acknowledged, refused, unknown } = recorder.counts;
    return {
      ...{ ...done, events, resumes, snapshots, convergedMs, failures: writers.failures },
      writes: { acknowledged, refused, unknown },
      violations: check(recording),
      recording,
    };
  } finally {
    enough.abort();
    await writers.stop();
    await Promise.all([...subscribers, ...wires].map((part) => part.stop()));
    native.close();
  }
}

async function disturb(
  seed: number,
  common: Omit<FaultParts, 'random'>,
): Promise<{ readonly kills: number; readonly faults: number }> {
  const lanes = await Promise.all([
    runFaults(processFaults, { least: 1000, most: 6000 }, { ...common, random: createRandom(seed + 2) }),
    runFaults(otherFaults, { least: 300, most: 2500 }, { ...common, random: createRandom(seed + 3) }),
  ]);
  const done = lanes.flatMap((lane) => [...lane]);
  const sum = (counted: typeof done) => counted.reduce((total, [, times]) => total + times, 0);
  return { kills: sum(done.filter(([fault]) => fault.isKill)), faults: sum(done) };
}

/** Two for each list: one as the console does it, through a wire that is cut, and one of another kind. */
function startSubscribers(
  seed: number,
  wires: readonly CuttingProxy[],
  native: UserServiceClient,
  recorder: Recorder,
  meta: RpcMetadata,
): readonly Subscriber[] {
  return watchedLists.flatMap((list, index) => {
    const wire = wires[index % wires.length];
    const web = () => new UserServiceClient(createTransport({ baseUrl: `http://localhost:${wire?.port}`, meta }));
    const isNative = index % 2 === 0;
    const common = { list, recorder };
    const random = createRandom(seed + 10 + index).next;
    const console = { ...common, name: `console: ${list.name}`, client: web(), random };
    return [
      // The console holds windows of a long list; a whole one is read by a client that turns all its pages.
      list.showDeleted ? startSubscriber({ ...console, listsFirst: true, slownessMs: 0 }) : startConsole(console),
      startSubscriber({
        ...common,
        name: `${isNative ? 'native' : 'slow'}: ${list.name}`,
        client: isNative ? native : web(),
        random: createRandom(seed + 50 + index).next,
        listsFirst: false,
        slownessMs: isNative ? 0 : 500,
      }),
    ];
  });
}

function createNative(grpcUrl: string, meta: RpcMetadata): { readonly client: UserServiceClient; close(): void } {
  const transport = new GrpcTransport({ host: grpcUrl, channelCredentials: ChannelCredentials.createInsecure(), meta });
  return { client: new UserServiceClient(transport), close: () => transport.close() };
}

/** How long everybody may take to equal the store, once nothing changes any more. */
const settleMs = 30_000;

/**
 * Waits until all tables equal the store in one look: one that did may be listing anew a moment later, because of the last fault. Returns how long that took; the
 * checker says who was not in time.
 */
async function settle(truth: StoreTruth, subscribers: readonly Subscriber[]): Promise<number> {
  while ((await truth.head()).waiting > 0) await wait(50);
  const { users } = await truth.read();
  const startedAt = Date.now();
  const lists = subscribers.map((subscriber) => {
    const right = users.filter(({ facts }) => subscriber.list.matches(facts));
    return { subscriber, prints: new Set(right.map(({ facts }) => facts.print)) };
  });
  for (;;) {
    const open = lists.filter(({ subscriber, prints }) => !holds(subscriber.rows(), prints));
    if (open.length === 0 || Date.now() - startedAt > settleMs) return Date.now() - startedAt;
    for (const { subscriber } of open) subscriber.hurry();
    await wait(100);
  }
}

function holds(rows: ReturnType<Subscriber['rows']>, prints: ReadonlySet<string>): boolean {
  return rows.length === prints.size && rows.every(([, , print]) => prints.has(print));
}

async function finish(truth: StoreTruth, subscribers: readonly Subscriber[], recorder: Recorder): Promise<void> {
  for (const { name, rows } of subscribers) recorder.add({ kind: 'table', subscriber: name, rows: rows() });
  const { changes, users } = await truth.read();
  for (const event of [...changes, ...users]) recorder.add(event);
}
