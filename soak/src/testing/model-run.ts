import { type User, User as UserMessage, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { FeedChange } from '@roster/server/watch/feed-change';
import { foldChanges } from '@roster/server/watch/fold-changes';
import { openResumeToken, sealResumeToken } from '@roster/server/watch/resume-token';
import { createTokenSealer } from '@roster/server/watch/sealed-token';
import { type ApplyRule, type ClientTable, consoleRule, createClientTable, snapshotRow } from '../client-table.ts';
import { reasonOfSnapshot } from '../feed-words.ts';
import { listNamed, type WatchedList } from '../filters.ts';
import type { ChangeEvent, RecordedEvent, Recording, SubscriberEvent } from '../recording.ts';
import { readPosition } from '../token-position.ts';
import { factsOf } from '../user-facts.ts';

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
  /** Which of the committed changes get a place, given the highest revision that has one. */
  place<T extends { readonly revision: number }>(committed: readonly T[], highest: number): readonly T[];
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

const userIds = ['ann', 'bob', 'cid', 'dan'];
const clientLists = ['admins', 'vip', 'everyone'];
const serverCount = 2;

interface Written {
  readonly revision: number;
  readonly before: User | undefined;
  readonly after: User;
  readonly requestId: string;
  readonly at: number;
}

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
  const users = new Map<string, User>();
  const feed: FeedChange[] = [];
  const written = new Map<number, Written>();
  const heads = Array.from({ length: serverCount }, () => 0);
  let outbox: Written[] = [];
  let held: Written | undefined;
  let revision = 0;
  let epoch = 1;
  let floor = 0;
  let clock = 0;
  const clients = clientLists.map((name, index): Client => {
    recording.push({ kind: 'subscriber', subscriber: `client ${index}`, list: name });
    const table = createClientTable(parts.rule);
    return { name: `client ${index}`, list: listNamed(name), table, stream: 0, token: '', connected: undefined };
  });

  type Told = SubscriberEvent extends infer E
    ? E extends SubscriberEvent
      ? Omit<E, 'at' | 'subscriber' | 'stream'>
      : never
    : never;
  function tell(client: Client, told: Told): void {
    recording.push({ at: ++clock, subscriber: client.name, stream: client.stream, ...told } as SubscriberEvent);
  }
  const seal = (client: Client, seq: number) =>
    sealResumeToken(sealer, { epoch: String(epoch), seq, query: client.list.name });

  function change(id: string, edit: Partial<User>): Written {
    const before = users.get(id);
    revision += 1;
    const blank = { id, name: id, email: `${id}@example.com`, role: UserRole.VIEWER, state: UserState.ACTIVE };
    const { deletedAt, ...rest } = edit;
    const after = UserMessage.create({ ...(before ?? blank), ...rest, revision });
    if (deletedAt) after.deletedAt = deletedAt;
    else delete after.deletedAt;
    return { revision, before, after, requestId: `request-${revision}`, at: ++clock };
  }

  function commit(one: Written): void {
    const { requestId, after } = one;
    users.set(after.id, after);
    outbox.push(one);
    const common = { op: 'update', requestId, userId: after.id, startedAt: one.at, at: ++clock };
    recording.push({ kind: 'write', ...common, outcome: 'acknowledged', revision: one.revision, code: 'OK' });
    for (const client of clients) if (client.connected) parts.onAnswer(client.table, after);
  }

  function sequence(): void {
    const highest = Math.max(0, ...feed.map((one) => one.revision));
    const placed = parts.place(outbox, highest).toSorted((a, b) => a.revision - b.revision);
    for (const one of placed) {
      const { revision: of, before, after } = one;
      written.set(of, one);
      const afterBytes = UserMessage.toBinary(after);
      feed.push({ seq: feed.length + 1, revision: of, userId: after.id, before, after, afterBytes });
    }
    outbox = outbox.filter((one) => !placed.includes(one));
  }

  function connect(client: Client, server: number, forgets: boolean): void {
    if (client.connected) tell(client, { kind: 'closed', how: 'cut' });
    client.stream += 1;
    if (forgets) client.token = '';
    const token = client.token === '' ? undefined : readPosition(client.token);
    tell(client, { kind: 'open', token });
    const now = { epoch: String(epoch), seq: feed.length, query: client.list.name, floor, maxBehind: 1000 };
    const resume = parts.openToken(sealer, client.token, now);
    if (resume.ok) {
      tell(client, { kind: 'resumed' });
      client.connected = { server, cursor: resume.seq };
      return;
    }
    tell(client, { kind: 'begin', reason: reasonOfSnapshot(resume.reason) });
    const rows = [...users.values()].filter((user) => client.list.matches(factsOf(user))).map(snapshotRow);
    tell(client, { kind: 'changes', upserts: rows, removals: [] });
    client.table.replace(rows);
    client.token = seal(client, feed.length);
    tell(client, { kind: 'end', position: readPosition(client.token), hasMore: false });
    client.connected = { server, cursor: feed.length };
  }

  /** What a stream sends when its reader is ready: a fold of the range, then a checkpoint, which a cut may leave out. */
  function send(client: Client, limit: number, isCut: boolean): void {
    const { connected } = client;
    if (!connected) return;
    const head = heads[connected.server] ?? 0;
    const changes = feed.filter(({ seq }) => seq > Math.max(connected.cursor, floor) && seq <= head);
    if (changes.length === 0) connected.cursor = Math.max(connected.cursor, Math.min(head, floor));
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
    floor = Math.max(floor, Math.min(feed.length - keep, ...inUse));
    recording.push({ kind: 'fault', at: ++clock, name: 'compacting', floor });
    recording.push({ kind: 'fault', at: clock, name: 'compacted', floor });
  }

  const pick = <T>(from: readonly T[], index: number): T => {
    const found = from[index % from.length];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };

  function play(step: Step): void {
    switch (step.kind) {
      case 'write': {
        const id = pick(userIds, step.user);
        if (held?.after.id === id) return;
        const role = pick([UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER], step.role);
        const deletedAt = { seconds: '1', nanos: 0 };
        const edit = { role, tags: step.vip ? ['vip'] : [], ...(step.deleted ? { deletedAt } : {}) };
        commit(change(id, edit));
        return;
      }
      case 'hold':
        held ??= change(pick(userIds, step.user), { role: pick([UserRole.ADMIN, UserRole.VIEWER], step.role) });
        return;
      case 'commit':
        if (held) commit(held);
        held = undefined;
        return;
      case 'sequence':
        sequence();
        return;
      case 'hear':
        heads[step.server % serverCount] = feed.length;
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
        epoch += 1;
        for (const client of clients) {
          if (client.connected) tell(client, { kind: 'closed', how: 'cut' });
          client.connected = undefined;
        }
    }
  }

  for (const step of steps) play(step);
  play({ kind: 'commit' });
  sequence();
  heads.fill(feed.length);
  for (const client of clients) {
    if (!client.connected) connect(client, 0, false);
    while ((client.connected?.cursor ?? feed.length) < feed.length) send(client, 500, false);
    send(client, 500, false);
    recording.push({ kind: 'table', subscriber: client.name, rows: client.table.rows() });
  }
  for (const { seq, revision: of } of feed) {
    const one = written.get(of);
    if (one) recording.push(toChangeEvent(one, seq));
  }
  for (const one of outbox) recording.push(toChangeEvent(one, undefined));
  for (const user of users.values())
    recording.push({ kind: 'user', userId: user.id, revision: user.revision, facts: factsOf(user) });
  return recording;
}

function toChangeEvent({ at, revision, requestId, before, after }: Written, seq: number | undefined): ChangeEvent {
  const userId = after.id;
  return {
    kind: 'change',
    at,
    seq,
    revision,
    userId,
    requestId,
    before: before && factsOf(before),
    after: factsOf(after),
  };
}
