import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { inRoot } from '@roster/stack/paths';
import type { GuessAnswers } from '../guess-process.ts';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { median, percentile, type Result } from '../report.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';

const users = 1000;
const guessers = 50;
const readsPerSecond = 20;
const fullSeconds = 10;

interface Round {
  readonly idleMs: readonly number[];
  readonly attackedMs: readonly number[];
  readonly answers: GuessAnswers;
}

/** How long another user's call takes while many guess passwords as fast as they are answered. */
export async function measureSignInLoad(pace: Pace): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const { users: people } = await readList(bench.client);
    const ids = people.map(({ id }) => id);
    const rounds: Round[] = [];
    for (let round = 0; round < pace.rounds; round += 1)
      rounds.push(await runRound(bench, ids, pace.seconds(fullSeconds)));
    return [resultOf('median', median, rounds), resultOf('p95', (values) => percentile(values, 0.95), rounds)];
  } finally {
    await bench.stop();
  }
}

async function runRound(bench: BenchStack, ids: readonly string[], seconds: number): Promise<Round> {
  const idleMs = await readInTurn(bench, ids, seconds);
  const guessing = startGuessing(bench.stack.url);
  const attackedMs = await readInTurn(bench, ids, seconds);
  return { idleMs, attackedMs, answers: await guessing.stop() };
}

async function readInTurn({ client }: BenchStack, ids: readonly string[], seconds: number): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (let turn = 0; turn < seconds * readsPerSecond; turn += 1) {
    const startedAt = performance.now();
    await client.getUser({ id: ids[turn % ids.length] ?? '' }).response;
    tookMs.push(performance.now() - startedAt);
    await wait(Math.max(0, 1000 / readsPerSecond - (performance.now() - startedAt)));
  }
  return tookMs;
}

/** In a process of its own, which gives way to all others: who guesses does so on another machine. What it makes Envoy and the servers do counts. */
function startGuessing(url: string): { stop(): Promise<GuessAnswers> } {
  const child = fork(inRoot('bench/dist/guess-process.js'), [url, String(guessers)]);
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  return {
    async stop() {
      const answered = once(child, 'message') as Promise<[GuessAnswers]>;
      child.send('stop');
      return (await answered)[0];
    },
  };
}

function resultOf(name: string, figure: (values: readonly number[]) => number, rounds: readonly Round[]): Result {
  const ratios = rounds.map(({ idleMs, attackedMs }) => figure(attackedMs) / figure(idleMs));
  const refused = ['UNAUTHENTICATED', 'RESOURCE_EXHAUSTED', 'UNAVAILABLE'];
  return {
    name: `a read while ${guessers} guess passwords, ${name}`,
    measured: `against the same reads while nobody does; ${rounds.length} rounds, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    value: median(ratios),
    unit: '×',
    goal: 2,
    gate: {
      name: 'every guess was refused',
      holds: rounds.every(({ answers }) => Object.keys(answers).every((answer) => refused.includes(answer))),
    },
    details: rounds.map(({ idleMs, attackedMs, answers }) => {
      const counts = Object.entries(answers)
        .map(([answer, count]) => `${answer} ${count}`)
        .join(', ');
      return `idle ${figure(idleMs).toFixed(1)} ms, attacked ${figure(attackedMs).toFixed(1)} ms; guesses: ${counts}`;
    }),
  };
}
