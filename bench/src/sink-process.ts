import { type Connect, type Cut, connector } from './sinks/connect.ts';
import type { OpenWatchers, RowMark, SinkAnswer, SinkRequest } from './sinks/sink-protocol.ts';
import { createWatcher, latencyOf, type Tally, type Watcher } from './sinks/watcher.ts';

/** A process of watchers, apart from the bench and from what it measures. It does what its parent asks over IPC. */
const tally: Tally = { bytes: 0, rows: 0, messages: 0, latencies: new Map() };
const watchers: Watcher[] = [];
let cuts: Cut[] = [];
let open: Connect = async () => () => undefined;

const openAtOnce = 50;

async function openAll(): Promise<void> {
  for (let at = 0; at < watchers.length; at += openAtOnce) {
    cuts.push(...(await Promise.all(watchers.slice(at, at + openAtOnce).map(open))));
  }
}

function prepare(options: OpenWatchers): void {
  const held = new Map(options.held.map((row) => [row.id, row]));
  open = connector(options, tally);
  for (let number = 0; number < options.count; number += 1) {
    const filter = options.filters[number % options.filters.length] ?? '';
    watchers.push(createWatcher(held, { filter, resumeToken: options.resumeToken }, tally));
  }
}

/** Compares what the watchers of one filter hold with what they should. */
function check(filter: string, rows: readonly RowMark[]): SinkAnswer {
  let fault = '';
  const wrong = watchers.filter((watcher, number) => {
    if (watcher.filter !== filter) return false;
    const missing = rows.find((row) => !watcher.holds(row));
    if (missing) fault = `watcher ${number} lacks ${missing.name}, revision ${missing.revision}`;
    else if (watcher.size !== rows.length) fault = `watcher ${number} holds ${watcher.size} rows of ${rows.length}`;
    else return false;
    return true;
  });
  return { kind: 'checked', wrong: wrong.length, fault };
}

async function answer(request: SinkRequest): Promise<SinkAnswer> {
  switch (request.kind) {
    case 'open':
      prepare(request.watchers);
      await openAll();
      return { kind: 'done' };
    case 'check':
      return check(request.filter, request.rows);
    case 'read':
      return { kind: 'counts', counts: counts() };
    case 'cut':
      for (const cut of cuts) cut();
      cuts = [];
      return { kind: 'done' };
    case 'reopen':
      if (request.from === 'list') for (const watcher of watchers) watcher.forget();
      await openAll();
      return { kind: 'done' };
  }
}

function counts() {
  const latency = { p50: latencyOf(tally, 0.5), p99: latencyOf(tally, 0.99) };
  return { open: cuts.length, bytes: tally.bytes, rows: tally.rows, messages: tally.messages, latency };
}

process.on('message', (request: SinkRequest) => {
  answer(request).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
