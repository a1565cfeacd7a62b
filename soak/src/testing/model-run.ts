import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { FeedChange } from '@roster/server/watch/feed-change';
import { foldChanges } from '@roster/server/watch/fold-changes';
import { openResumeToken, sealResumeToken } from '@roster/server/watch/resume-token';
import { createTokenSealer } from '@roster/server/watch/sealed-token';
import { type ApplyRule, type ClientTable, consoleRule, createClientTable, snapshotRow } from '../client-table.ts';
import { reasonOfSnapshot } from '../feed-words.ts';
import { listNamed, type WatchedList } from '../filters.ts';
import type { Told } from '../recorder.ts';
import type { RecordedEvent, Recording, SubscriberEvent } from '../recording.ts';
import { readPosition } from '../token-position.ts';
import { factsOf } from '../user-facts.ts';
import { createModelStore, type Place } from './model-store.ts';
import { createStoreSteps, pick } from './store-steps.ts';

/** One step of a schedule; numbers name a user, a client or a server by its rest. */
export type Step =
  | {
      readonly kind: 'write';
      readonly user: number;
      readonly role: number;
      readonly vip: boolean;
      readonly deleted: boolean;
    }
  /** Begins a transaction that commits only at the next `commit`: later revisions become visible before its own. */
  | { readonly kind: 'hold'; readonly user: number; readonly role: number }
  | { readonly kind: 'commit' }
  | { readonly kind: 'sequence' }
  | { readonly kind: 'hear'; readonly server: number }
  | { readonly kind: 'send'; readonly client: number; readonly limit: number; readonly isCut: boolean }
  | { readonly kind: 'connect'; readonly client: number; readonly server: number; readonly forgets: boolean }
  | { readonly kind: 'compact'; readonly keep: number }
  | { readonly kind: 'restore' };

/** What mutants replace. */
export interface ModelParts {
  readonly fold: typeof foldChanges;
  readonly rule: ApplyRule;
  readonly openToken: typeof openResumeToken;
  /** The place that a checkpoint tells, from where the fold ended and where the server is. */
  checkpointAt(folded: number, head: number): number;
  readonly place: Place;
  /** What a client does with the answer of its own write. */
  onAnswer(table: ClientTable, user: User): void;
}

export const honestParts: ModelParts = {
  fold: foldChanges,
  rule: consoleRule,
  openToken: openResumeToken,
  checkpointAt: (folded) => folded,
  place: (committed) => committed,
  onAnswer: () => undefined,
};

const clientLists = ['admins', 'vip', 'everyone'];
const serverCount = 2;

interface Client {
  readonly name: string;
  readonly list: WatchedList;
  readonly table: ClientTable;
  stream: number;
  token: string;
  connected: { readonly server: number; cursor: number } | undefined;
}

/**
 * Plays a schedule over a store of four users, two servers and three clients, with the server's own fold and tokens and the console's own rule, and records
 * it as a run is recorded. It ends quietly: everything is sent to everybody.
 */
export function playModel(steps: readonly Step[], parts: ModelParts = honestParts): Recording {
  const recording: RecordedEvent[] = [];
  const sealer = createTokenSealer(new Uint8Array(32));
  const heads = Array.from({ length: serverCount }, () => 0);
  let time = 0;
  const clock = () => ++time;
  const store = createModelStore(clock, parts.place);
  const clients = clientLists.map((name, index): Client => {
    recording.push({ kind: 'subscriber', subscriber: `client ${index}`, list: name });
    const table = createClientTable(parts.rule);
    return { name: `client ${index}`, list: listNamed(name), table, stream: 0, token: '', connected: undefined };
  });

  function tell(client: Client, told: Told): void {
    recording.push({ at: clock(), subscriber: client.name, stream: client.stream, ...told } as SubscriberEvent);
  }
  const seal = (client: Client, seq: number) =>
    sealResumeToken(sealer, { epoch: store.epoch, seq, query: client.list.name });

  const world = createStoreSteps({
    store,
    clock,
    record: (event) => recording.push(event),
    onAnswer: ({ after }) => {
      for (const client of clients) if (client.connected) parts.onAnswer(client.table, after);
    },
  });

  function connect(client: Client, server: number, forgets: boolean): void {
    if (client.connected) tell(client, { kind: 'closed', how: 'cut' });
    client.stream += 1;
    if (forgets) client.token = '';
    const token = client.token === '' ? undefined : readPosition(client.token);
    tell(client, { kind: 'open', token });
    const { epoch, floor, head } = store;
    const now = { epoch, seq: head, query: client.list.name, floor, maxBehind: 1000 };
    const resume = parts.openToken(sealer, client.token, now);
    if (resume.ok) {
      tell(client, { kind: 'resumed' });
      client.connected = { server, cursor: resume.seq };
      return;
    }
    tell(client, { kind: 'begin', reason: reasonOfSnapshot(resume.reason) });
    const rows = [...store.users.values()].filter((user) => client.list.matches(factsOf(user))).map(snapshotRow);
    tell(client, { kind: 'changes', upserts: rows, removals: [] });
    client.table.replace(rows);
    client.token = seal(client, head);
    tell(client, { kind: 'end', position: readPosition(client.token), hasMore: false });
    client.connected = { server, cursor: head };
  }

  /** What a stream sends when its reader is ready: a fold of the range, then a checkpoint, which a cut may leave out. */
  function send(client: Client, limit: number, isCut: boolean): void {
    const { connected } = client;
    if (!connected) return;
    const head = heads[connected.server] ?? 0;
    const changes = store.between(connected.cursor, head);
    if (changes.length === 0) connected.cursor = Math.max(connected.cursor, Math.min(head, store.floor));
    else {
      const judge = ({ before, after }: FeedChange) => ({
        before: before !== undefined && client.list.matches(factsOf(before)),
        after: client.list.matches(factsOf(after)),
      });
      const { upserts, removals, to } = parts.fold(changes, judge, { ids: limit, bytes: 64 * 1024 });
      const message = { upserts: upserts.map(({ after }) => after), removals: [...removals] };
      if (upserts.length + removals.length > 0) tell(client, { kind: 'changes', ...client.table.apply(message) });
      connected.cursor = to;
    }
    if (isCut) {
      tell(client, { kind: 'closed', how: 'cut' });
      client.connected = undefined;
      return;
    }
    client.token = seal(client, parts.checkpointAt(connected.cursor, head));
    tell(client, { kind: 'checkpoint', position: readPosition(client.token), total: undefined });
  }

  /** Only what every connected stream has read, as the feed keeps far more than a stream may be behind. */
  function compact(keep: number): void {
    const inUse = clients.flatMap(({ connected }) => (connected ? [connected.cursor] : []));
    store.compactTo(Math.min(store.head - keep, ...inUse));
    const { floor } = store;
    recording.push({ kind: 'fault', at: clock(), name: 'compacting', floor });
    recording.push({ kind: 'fault', at: time, name: 'compacted', floor });
  }

  function play(step: Step): void {
    switch (step.kind) {
      case 'write':
      case 'hold':
      case 'commit':
      case 'sequence':
        world.play(step);
        return;
      case 'hear':
        heads[step.server % serverCount] = store.head;
        return;
      case 'send':
        send(pick(clients, step.client), step.limit, step.isCut);
        return;
      case 'connect':
        connect(pick(clients, step.client), step.server % serverCount, step.forgets);
        return;
      case 'compact':
        compact(step.keep);
        return;
      case 'restore':
        store.renewEpoch();
        for (const client of clients) {
          if (client.connected) tell(client, { kind: 'closed', how: 'cut' });
          client.connected = undefined;
        }
    }
  }

  for (const step of steps) play(step);
  play({ kind: 'commit' });
  play({ kind: 'sequence' });
  heads.fill(store.head);
  for (const client of clients) {
    if (!client.connected) connect(client, 0, false);
    while ((client.connected?.cursor ?? store.head) < store.head) send(client, 500, false);
    send(client, 500, false);
    recording.push({ kind: 'table', subscriber: client.name, rows: client.table.rows() });
  }
  return [...recording, ...store.read()];
}
