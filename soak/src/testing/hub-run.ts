import { User as UserMessage } from '@roster/proto/gen/userservice/v1/user';
import { allOf, negationOf } from '@roster/server/filter/filter';
import { filterToPredicate } from '@roster/server/filter/filter-predicate';
import { parseFilter } from '@roster/server/filter/parse-filter';
import { liveMessages } from '@roster/server/testing/live-messages';
import type { Scope } from '@roster/server/watch/scope';
import { createTokenSealer } from '@roster/server/watch/sealed-token';
import { createWatchHub, type WatchHub } from '@roster/server/watch/watch-hub';
import { type ClientTable, createClientTable, snapshotRow } from '../client-table.ts';
import { createFeedEar, type FeedEar } from '../feed-ear.ts';
import { reasonOfSnapshot } from '../feed-words.ts';
import { listNamed, type WatchedList } from '../filters.ts';
import { now, type Told } from '../recorder.ts';
import type { RecordedEvent, Recording, SubscriberEvent } from '../recording.ts';
import { readPosition } from '../token-position.ts';
import { factsOf } from '../user-facts.ts';
import type { Step } from './model-run.ts';
import { createModelStore, type ModelStore } from './model-store.ts';
import { createStoreSteps, pick } from './store-steps.ts';

const clientLists = ['admins', 'vip', 'everyone'];
const maxBehind = 30;
/** How long a client may take to catch up in the end. */
const patienceMs = 5000;

/** A client of a hub. It reads only when a step lets it, so it is as slow as the schedule. */
interface Client {
  readonly name: string;
  readonly list: WatchedList;
  readonly table: ClientTable;
  stream: number;
  token: string;
  open:
    | {
        readonly messages: AsyncIterator<Uint8Array>;
        readonly ear: FeedEar;
        pending: Promise<unknown> | undefined;
        stop(): void;
      }
    | undefined;
}

/** Plays a schedule over two real hubs that share a store in memory, and records it as a run is recorded. */
export async function playHubs(steps: readonly Step[]): Promise<Recording> {
  const recording: RecordedEvent[] = [];
  const store = createModelStore(now);
  const hubs = await Promise.all([createHub(store), createHub(store)]);
  const clients = clientLists.map((list, index): Client => {
    const name = `client ${index}`;
    recording.push({ kind: 'subscriber', subscriber: name, list });
    const common = { name, list: listNamed(list), table: createClientTable() };
    return { ...common, stream: 0, token: '', open: undefined };
  });
  const record = (event: RecordedEvent) => void recording.push(event);
  const world = createStoreSteps({ store, clock: now, record });

  const tell = (client: Client, told: Told) =>
    void recording.push({ at: now(), subscriber: client.name, stream: client.stream, ...told } as SubscriberEvent);

  function close(client: Client, how: string): void {
    if (!client.open) return;
    client.open.stop();
    client.open = undefined;
    tell(client, { kind: 'closed', how });
  }

  async function connect(client: Client, hub: WatchHub): Promise<void> {
    close(client, 'cut');
    client.stream += 1;
    const { list } = client;
    tell(client, { kind: 'open', token: client.token === '' ? undefined : readPosition(client.token) });
    const abort = new AbortController();
    const follow = { scope: scopeOf(list), query: list.name, signal: abort.signal };
    const resume = await hub.resume(client.token, list.name);
    let from: { readonly seq: number; readonly epoch: string };
    if (resume.ok) {
      from = resume;
      tell(client, { kind: 'resumed' });
    } else from = await sendSnapshot(client, hub, resume.reason);
    const messages = liveMessages(hub.follow({ ...follow, from: from.seq, epoch: from.epoch }), abort.signal);
    const ear = createFeedEar(client.table, (told) => tell(client, told));
    client.open = { messages, ear, pending: undefined, stop: () => abort.abort() };
  }

  async function sendSnapshot(client: Client, hub: WatchHub, reason: Parameters<typeof reasonOfSnapshot>[0]) {
    const { epoch } = hub;
    const { head: seq } = store;
    const users = [...store.users.values()].filter((user) => client.list.matches(factsOf(user)));
    tell(client, { kind: 'begin', reason: reasonOfSnapshot(reason) });
    const rows = users.map(snapshotRow);
    tell(client, { kind: 'changes', upserts: rows, removals: [] });
    client.table.replace(rows);
    client.token = hub.sealPosition({ epoch, seq, query: client.list.name });
    tell(client, { kind: 'end', position: readPosition(client.token), hasMore: false });
    return { seq, epoch };
  }

  /** Takes at most so many messages that are there; a stream that has none is left waiting. */
  async function take(client: Client, most: number): Promise<void> {
    for (let taken = 0; taken < most && client.open; taken += 1) {
      const { open } = client;
      const next = open.messages.next();
      const arrived = await Promise.race([next, tick(4).then(() => undefined)]);
      if (arrived) {
        if (!arrived.done) onMessage(client, arrived.value);
        continue;
      }
      // What comes later is taken as soon as it is there: a message that was asked for cannot be given back.
      open.pending = next.then((late) => {
        if (client.open === open && !late.done) onMessage(client, late.value);
        open.pending = undefined;
      });
      return;
    }
  }

  function onMessage(client: Client, bytes: Uint8Array): void {
    const { feed } = UserMessage.fromBinary(bytes);
    if (!feed || !client.open) return;
    const heard = client.open.ear.hear(feed.event);
    if (heard.kind === 'position') client.token = heard.resumeToken;
    if (heard.kind !== 'go-away') return;
    if (heard.mustRelist) client.token = '';
    close(client, 'OK');
  }

  async function play(step: Step): Promise<void> {
    switch (step.kind) {
      case 'write':
      case 'hold':
      case 'commit':
      case 'sequence':
        world.play(step);
        return;
      case 'hear': {
        const hub = pick(hubs, step.server);
        hub.hint();
        // It reads a few times a window. One that is behind another history never comes to this position, and need not.
        for (let ms = 0; ms < 20 && hub.log().head < store.head; ms += 1) await tick(1);
        return;
      }
      case 'send': {
        const client = pick(clients, step.client);
        if (!client.open?.pending) await take(client, step.limit);
        if (step.isCut) close(client, 'cut');
        return;
      }
      case 'connect': {
        const client = pick(clients, step.client);
        if (step.forgets) client.token = '';
        await connect(client, pick(hubs, step.server));
        return;
      }
      case 'compact': {
        // With nothing kept a hub that has not read the newest change sees no gap before the next one.
        const floor = store.head - step.keep - 1;
        recording.push({ kind: 'fault', at: now(), name: 'compacting', floor });
        store.compactTo(floor);
        recording.push({ kind: 'fault', at: now(), name: 'compacted', floor });
        return;
      }
      case 'restore':
        store.renewEpoch();
        for (const hub of hubs) await hub.checkEpoch();
    }
  }

  try {
    for (const step of steps) await play(step);
    await play({ kind: 'commit' });
    store.sequence();
    for (const hub of hubs) hub.hint();
    await Promise.all(clients.map((client, index) => catchUp(client, pick(hubs, index))));
    for (const client of clients) recording.push({ kind: 'table', subscriber: client.name, rows: client.table.rows() });
    return [...recording, ...store.read()];
  } finally {
    for (const client of clients) client.open?.stop();
    await Promise.all(hubs.map((hub) => hub.stop()));
  }

  async function catchUp(client: Client, hub: WatchHub): Promise<void> {
    const { head: seq } = store;
    for (const giveUpAt = now() + patienceMs; now() < giveUpAt; ) {
      if (!client.open) await connect(client, hub);
      if (client.open?.pending) await Promise.race([client.open.pending, tick(20)]);
      else await take(client, 1);
      if (client.token !== '' && readPosition(client.token).seq >= seq) return;
    }
    tell(client, { kind: 'closed', how: 'silent' });
  }
}

function createHub(store: ModelStore): Promise<WatchHub> {
  const sealer = createTokenSealer(new Uint8Array(32));
  const onError = (error: unknown) => {
    throw error;
  };
  return createWatchHub({ store, sealer, heartbeatMs: 200, maxAgeMs: 60_000, maxBehind, pollMs: 20, onError });
}

function scopeOf(list: WatchedList): Scope {
  const parsed = parseFilter(list.filter);
  if (!parsed.ok) throw new Error(`“${list.filter}” is no filter`);
  const filter = allOf([negationOf({ kind: 'deleted' }), parsed.filter]);
  const toSql = () => {
    throw new Error('a store in memory reads no SQL');
  };
  return { key: list.name, showsDeleted: false, filter, matches: filterToPredicate(filter), toSql };
}

const tick = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
