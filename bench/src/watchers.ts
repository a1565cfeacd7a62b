import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { inRoot } from '@roster/stack/paths';
import type { OpenWatchers, RowMark, SinkAnswer, SinkCounts, SinkRequest } from './sinks/sink-protocol.ts';

/** Many watchers in a process of their own. */
export interface Watchers {
  read(): Promise<SinkCounts>;
  /** Asks until all hold the rows of their filter, or time is up; then says what was wrong with one that does not. */
  settle(lists: ReadonlyMap<string, readonly RowMark[]>, timeoutMs?: number): Promise<Settled>;
  cut(): Promise<void>;
  reopen(from: 'token' | 'list'): Promise<void>;
  close(): Promise<void>;
}

export interface Settled {
  readonly holds: boolean;
  readonly fault: string;
}

export async function openWatchers(watchers: OpenWatchers): Promise<Watchers> {
  const child = fork(inRoot('bench/dist/sink-process.js'), {
    execArgv: ['--enable-source-maps'],
    serialization: 'advanced',
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process of the watchers ended.');
  });
  ended.catch(() => undefined);

  async function ask<K extends SinkAnswer['kind']>(
    kind: K,
    request: SinkRequest,
  ): Promise<Extract<SinkAnswer, { kind: K }>> {
    child.send(request);
    const [answer] = await Promise.race([once(child, 'message') as Promise<[SinkAnswer]>, ended]);
    if (!isOf(kind, answer)) throw new Error(`The watchers answered “${answer.kind}” and not “${kind}”.`);
    return answer;
  }

  async function check(lists: ReadonlyMap<string, readonly RowMark[]>): Promise<Settled> {
    for (const [filter, rows] of lists) {
      const { wrong, fault } = await ask('checked', { kind: 'check', filter, rows });
      if (wrong > 0) return { holds: false, fault: `${wrong} are wrong: ${fault}` };
    }
    return { holds: true, fault: '' };
  }

  await ask('done', { kind: 'open', watchers });
  return {
    read: async () => (await ask('counts', { kind: 'read' })).counts,
    async settle(lists, timeoutMs = 30_000) {
      for (const giveUpAt = Date.now() + timeoutMs; ; await wait(250)) {
        const settled = await check(lists);
        if (settled.holds || Date.now() > giveUpAt) return settled;
      }
    },
    cut: async () => void (await ask('done', { kind: 'cut' })),
    reopen: async (from) => void (await ask('done', { kind: 'reopen', from })),
    async close() {
      child.disconnect();
      await ended.catch(() => undefined);
    },
  };
}

function isOf<K extends SinkAnswer['kind']>(kind: K, answer: SinkAnswer): answer is Extract<SinkAnswer, { kind: K }> {
  return answer.kind === kind;
}
