/** A place in the feed, as resume tokens carry it: sequence numbers of different epochs cannot be compared. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** What filters read of a user, with a fingerprint of everything. */
export interface UserFacts {
  readonly role: string;
  readonly state: string;
  readonly tags: readonly string[];
  readonly name: string;
  readonly isDeleted: boolean;
  /** Of the whole user, its revision included. */
  readonly print: string;
}

/** A user as a client was told it, and whether the client let it into its table. */
export type SeenRow = readonly [id: string, revision: number, print: string, isApplied: boolean];

export type RemovalReason = 'deleted' | 'left-filter' | 'unspecified';

export type SeenRemoval = readonly [id: string, revision: number, reason: RemovalReason, isApplied: boolean];

/** What a request id, or each row of a bulk call, came to. Unknown: no answer arrived, so that it may have happened. */
export type WriteOutcome = 'acknowledged' | 'failed' | 'unknown';

/** Why a server sends a snapshot on a watch. */
export type SnapshotReason =
  | 'first'
  | 'invalid'
  | 'other-query'
  | 'other-epoch'
  | 'future'
  | 'compacted'
  | 'unspecified';

/** A token that was spoilt on purpose, and the only reason that a snapshot may give for it. */
export type Spoil = 'altered' | 'other-query' | 'other-epoch' | 'future' | 'compacted';

/** What one subscriber was told. `stream` numbers its calls of ListUsers. */
export type SubscriberEvent = { readonly at: number; readonly subscriber: string; readonly stream: number } & (
  | { readonly kind: 'open'; readonly token: Position | undefined; readonly spoil?: Spoil }
  | { readonly kind: 'begin'; readonly reason: SnapshotReason }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'changes'; readonly upserts: readonly SeenRow[]; readonly removals: readonly SeenRemoval[] }
  /** The snapshot stands. `hasMore`: its other pages are read by calls of their own. */
  | { readonly kind: 'end'; readonly position: Position; readonly hasMore: boolean }
  | { readonly kind: 'page'; readonly rows: readonly SeenRow[]; readonly hasMore: boolean }
  | { readonly kind: 'checkpoint'; readonly position: Position; readonly total: number | undefined }
  | { readonly kind: 'go-away'; readonly reason: string }
  | { readonly kind: 'closed'; readonly how: string }
);

export interface WriteEvent {
  readonly kind: 'write';
  readonly op: string;
  /** Stands in the history of the store too. */
  readonly requestId: string;
  readonly userId: string;
  readonly startedAt: number;
  readonly at: number;
  readonly outcome: WriteOutcome;
  /** Of an acknowledged write whose answer tells it. */
  readonly revision: number | undefined;
  /** The fingerprint of the user as the answer shows it. */
  readonly print?: string;
  /** The answer does not show what was asked for. */
  readonly isIgnored?: boolean;
  readonly code: string;
}

/** One line of the store's own history, at its place in the feed; no place if it never got one. */
export interface ChangeEvent {
  readonly kind: 'change';
  /** When it was written; it became visible later. */
  readonly at: number;
  readonly seq: number | undefined;
  readonly revision: number;
  readonly userId: string;
  readonly requestId: string;
  readonly before: UserFacts | undefined;
  readonly after: UserFacts;
}

export type RecordedEvent =
  /** One that is slow reads what was sent to it long ago. */
  | { readonly kind: 'subscriber'; readonly subscriber: string; readonly list: string; readonly isSlow?: boolean }
  | SubscriberEvent
  | WriteEvent
  /** Something was done to the system; `floor` is the feed's new floor, `epoch` the store's new epoch. */
  | { readonly kind: 'fault'; readonly at: number; readonly name: string; readonly floor?: number }
  /** A person lost the right to read, by the change at this place in the feed. */
  | { readonly kind: 'revoked'; readonly subscriber: string; readonly position: Position }
  | ChangeEvent
  /** A row of the store at the end. */
  | { readonly kind: 'user'; readonly userId: string; readonly revision: number; readonly facts: UserFacts }
  /** The rows that a subscriber holds at the end. */
  | {
      readonly kind: 'table';
      readonly subscriber: string;
      readonly rows: readonly (readonly [string, number, string])[];
    };

/** Everything that was seen of one run, with epoch milliseconds, in the order in which it was seen. */
export type Recording = readonly RecordedEvent[];

export type EventOf<K extends RecordedEvent['kind']> = Extract<RecordedEvent, { readonly kind: K }>;

export function eventsOf<K extends RecordedEvent['kind']>(recording: Recording, kind: K): readonly EventOf<K>[] {
  return recording.filter((event): event is EventOf<K> => event.kind === kind);
}

/** The events of each subscriber, in their order. */
export function bySubscriber(recording: Recording): ReadonlyMap<string, readonly SubscriberEvent[]> {
  const found = new Map<string, SubscriberEvent[]>();
  for (const event of recording) {
    if (!('stream' in event)) continue;
    const list = found.get(event.subscriber);
    if (list) list.push(event);
    else found.set(event.subscriber, [event]);
  }
  return found;
}

export function* toLines(recording: Recording): Iterable<string> {
  for (const event of recording) yield `${JSON.stringify(event)}\n`;
}

export function fromLines(text: string): Recording {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedEvent);
}
