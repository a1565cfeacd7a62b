import type { PromiseName } from '../promise.ts';
import type { ChangeEvent, EventOf, RecordedEvent, Recording, SeenRow, SubscriberEvent } from '../recording.ts';
import { createReplay } from '../replay.ts';

/**
 * A fault that is written into an honest recording; the promise that it breaks must be found broken. This file is long because it is one table: each entry is
 * read beside its neighbours.
 */
export interface PlantedFault {
  readonly promise: PromiseName;
  readonly name: string;
  /** Undefined if the recording has no place for it. */
  plant(recording: Recording): Recording | undefined;
}

/** Replaces the first event for which something is given back. */
function replaceFirst(
  recording: Recording,
  replace: (event: RecordedEvent, index: number) => readonly RecordedEvent[] | undefined,
): Recording | undefined {
  for (const [index, event] of recording.entries()) {
    const instead = replace(event, index);
    if (instead) return recording.toSpliced(index, 1, ...instead);
  }
  return undefined;
}

type Kind<K extends SubscriberEvent['kind']> = Extract<SubscriberEvent, { readonly kind: K }>;

/** Live changes: those after the first snapshot of a stream that had one, or after it was resumed. */
function isLive(recording: Recording, index: number): boolean {
  const event = recording[index];
  if (!event || !('stream' in event)) return false;
  const before = recording
    .slice(0, index)
    .findLast(
      (one) => 'stream' in one && one.subscriber === event.subscriber && ['begin', 'end', 'resumed'].includes(one.kind),
    );
  return before?.kind === 'end' || before?.kind === 'resumed';
}

/** Replaces the first live message that has an upsert. */
function replaceUpsert(
  recording: Recording,
  replace: (event: Kind<'changes'>, first: SeenRow, index: number) => readonly RecordedEvent[] | undefined,
): Recording | undefined {
  return replaceFirst(recording, (event, index) => {
    if (event.kind !== 'changes' || !isLive(recording, index)) return undefined;
    const [first] = event.upserts;
    return first && replace(event, first, index);
  });
}

function changeOf(recording: Recording, revision: number): ChangeEvent | undefined {
  return recording.find((one): one is ChangeEvent => one.kind === 'change' && one.revision === revision);
}

const nobody = '00000000-0000-4000-8000-000000000000';

export const plantedFaults: readonly PlantedFault[] = [
  {
    promise: 'ordered',
    name: 'an older revision comes after a newer one on the same stream',
    plant: (recording) =>
      replaceUpsert(recording, (event, [id, revision, print]) => [
        event,
        { ...event, upserts: [[id, revision - 1, print, false]], removals: [] },
      ]),
  },
  {
    promise: 'ordered',
    name: 'a client lets an older revision in',
    plant: (recording) =>
      replaceUpsert(recording, (event, [id, revision, print]) => [
        event,
        { ...event, upserts: [[id, revision - 1, print, true]], removals: [] },
      ]),
  },
  {
    promise: 'unique',
    name: 'a message comes twice on a stream',
    plant: (recording) => replaceUpsert(recording, (event) => [event, event]),
  },
  {
    promise: 'reliable',
    name: 'a message of live changes is lost',
    plant: (recording) =>
      replaceUpsert(recording, (_, first, index) =>
        matters(recording, first, index) && !isAfterResume(recording, index) ? [] : undefined,
      ),
  },
  {
    promise: 'reliable',
    name: 'a removal is lost',
    plant: (recording) =>
      replaceFirst(recording, (event, index) => {
        if (event.kind !== 'changes' || isAfterResume(recording, index)) return undefined;
        if (recording[index + 1]?.kind !== 'checkpoint') return undefined;
        const removals = event.removals.filter(([id]) => !isHeld(recording, event.subscriber, id, index));
        return removals.length < event.removals.length ? [{ ...event, removals }] : undefined;
      }),
  },
  {
    promise: 'reliable',
    name: 'a row is missing from a snapshot',
    plant: (recording) =>
      replaceFirst(recording, (event, index) => {
        const end = recording[index + 1];
        if (event.kind !== 'changes' || end?.kind !== 'end') return undefined;
        const isLast = ([id, revision]: SeenRow) =>
          !recording.some((one) => one.kind === 'change' && one.userId === id && one.revision > revision) &&
          (changeOf(recording, revision)?.seq ?? 0) <= end.position.seq;
        const upserts = event.upserts.filter((row) => !isLast(row));
        return upserts.length < event.upserts.length ? [{ ...event, upserts }] : undefined;
      }),
  },
  {
    promise: 'reliable',
    name: 'a committed change never gets a place in the feed',
    plant: (recording) =>
      replaceFirst(recording, (event) => (event.kind === 'change' ? [{ ...event, seq: undefined }] : undefined)),
  },
  {
    promise: 'resumable',
    name: 'what came right after a resume is left out',
    plant: (recording) =>
      replaceUpsert(recording, (_, first, index) =>
        matters(recording, first, index) && isAfterResume(recording, index) ? [] : undefined,
      ),
  },
  {
    promise: 'resumable',
    name: 'a good token brings a snapshot',
    plant: (recording) =>
      replaceFirst(recording, (event, index) => {
        const opened = recording[index - 1];
        if (event.kind !== 'resumed' || opened?.kind !== 'open' || !opened.token) return undefined;
        const { at, subscriber, stream } = event;
        const told = { at, subscriber, stream } as const;
        const end = { ...told, kind: 'end', position: opened.token, hasMore: false } as const;
        return [{ ...told, kind: 'begin', reason: 'compacted' }, end];
      }),
  },
  {
    promise: 'bookmarkable',
    name: 'a checkpoint comes before the changes that it covers',
    plant: (recording) =>
      replaceUpsert(recording, (event, _, index) => {
        const next = recording[index + 1];
        return next?.kind === 'checkpoint' ? [next, event] : undefined;
      }),
  },
  {
    promise: 'bookmarkable',
    name: 'a position goes back',
    plant: (recording) =>
      replaceFirst(recording, (event) =>
        event.kind === 'checkpoint' && event.position.seq > 0
          ? [event, { ...event, position: { ...event.position, seq: event.position.seq - 1 } }]
          : undefined,
      ),
  },
  {
    promise: 'bounded',
    name: 'a token below the floor is resumed',
    plant: (recording) =>
      replaceFirst(recording, (event, index) => {
        const answer = recording[index + 1];
        if (event.kind !== 'open' || !event.token || answer?.kind !== 'resumed') return undefined;
        return [{ kind: 'fault', at: event.at - 1, name: 'compacted', floor: event.token.seq + 1 }, event];
      }),
  },
  {
    promise: 'bounded',
    name: 'an altered token is resumed',
    plant: (recording) =>
      replaceFirst(recording, (event, index) =>
        event.kind === 'open' && event.token && recording[index + 1]?.kind === 'resumed'
          ? [{ ...event, spoil: 'altered' }]
          : undefined,
      ),
  },
  {
    promise: 'bounded',
    name: 'a token brings an error',
    plant: (recording) =>
      replaceFirst(recording, (event) =>
        event.kind === 'open' && event.token
          ? [event, { ...event, kind: 'closed', how: 'INVALID_ARGUMENT' }, event]
          : undefined,
      ),
  },
  {
    promise: 'bounded',
    name: 'a stream falls silent',
    plant: (recording) =>
      replaceFirst(recording, (event) => (event.kind === 'closed' ? [{ ...event, how: 'silent' }] : undefined)),
  },
  {
    promise: 'bounded',
    name: 'a server that stands still goes on telling its old position',
    plant: (recording) => {
      const end = Math.max(0, ...recording.map((event) => (event.kind === 'change' ? (event.seq ?? 0) : 0)));
      return replaceFirst(recording, (event) =>
        event.kind === 'checkpoint' && event.position.seq < end ? [event, { ...event, at: event.at + 1e6 }] : undefined,
      );
    },
  },
  {
    promise: 'filter-true',
    name: 'a row comes that no write has made',
    plant: (recording) =>
      replaceUpsert(recording, (event, [, revision, print]) => [
        { ...event, upserts: [...event.upserts, [nobody, revision, print, true]] },
      ]),
  },
  {
    promise: 'filter-true',
    name: 'a row comes with other content than the store has',
    plant: (recording) =>
      replaceUpsert(recording, (event, [id, revision], _) => [
        { ...event, upserts: [[id, revision, 'other', true], ...event.upserts.slice(1)] },
      ]),
  },
  {
    promise: 'filter-true',
    name: 'leaving the list is told as deletion',
    plant: (recording) =>
      replaceFirst(recording, (event) => {
        if (event.kind !== 'changes' || event.removals.length === 0) return undefined;
        const [[id, revision, reason, isApplied] = [nobody, 0, 'deleted', true], ...rest] = event.removals;
        const other = reason === 'deleted' ? 'left-filter' : 'deleted';
        return [{ ...event, removals: [[id, revision, other, isApplied], ...rest] }];
      }),
  },
  {
    promise: 'filter-true',
    name: 'a row that leaves the list comes as an upsert',
    plant: (recording) =>
      replaceFirst(recording, (event) => {
        if (event.kind !== 'changes' || event.removals.length === 0) return undefined;
        const upserts = event.removals.map(([id, revision]): SeenRow => {
          const print = changeOf(recording, revision)?.after.print ?? '';
          return [id, revision, print, true];
        });
        return [{ ...event, upserts: [...event.upserts, ...upserts], removals: [] }];
      }),
  },
  {
    promise: 'filter-true',
    name: 'a removal goes to those who never saw the row',
    plant: (recording) =>
      replaceFirst(recording, (event, index) => {
        if (event.kind !== 'checkpoint' || listOf(recording, event.subscriber) !== 'admins') return undefined;
        const never = recording.find(
          (one): one is ChangeEvent =>
            one.kind === 'change' && (one.seq ?? 0) > event.position.seq && !one.before && one.after.role !== 'ADMIN',
        );
        if (!never || !isLive(recording, index)) return undefined;
        const { at, subscriber, stream } = event;
        const removals = [
          [never.userId, never.revision, never.after.isDeleted ? 'deleted' : 'left-filter', true],
        ] as const;
        return [event, { at, subscriber, stream, kind: 'changes', upserts: [], removals }];
      }),
  },
  {
    promise: 'convergent',
    name: 'a table lacks a row in the end',
    plant: (recording) =>
      replaceFirst(recording, (event) =>
        event.kind === 'table' && event.rows.length > 0 ? [{ ...event, rows: event.rows.slice(1) }] : undefined,
      ),
  },
  {
    promise: 'convergent',
    name: 'a table holds a row too many in the end',
    plant: (recording) =>
      replaceFirst(recording, (event) =>
        event.kind === 'table' ? [{ ...event, rows: [...event.rows, [nobody, 1, 'any']] }] : undefined,
      ),
  },
  {
    promise: 'convergent',
    name: 'the last total is wrong',
    plant: (recording) => {
      const last = recording.findLastIndex((event) => event.kind === 'checkpoint');
      return replaceFirst(recording, (event, index) =>
        event.kind === 'checkpoint' && index === last ? [{ ...event, total: 99 }] : undefined,
      );
    },
  },
  {
    promise: 'ends when it must',
    name: 'a change comes after the revocation',
    plant: (recording) =>
      replaceUpsert(recording, (event, [, revision]) => {
        const seq = (changeOf(recording, revision)?.seq ?? 0) - 1;
        return [{ kind: 'revoked', subscriber: event.subscriber, position: { epoch: '1', seq } }, event];
      }),
  },
  {
    promise: 'acknowledged',
    name: 'an acknowledged write is gone',
    plant: (recording) =>
      replaceFirst(recording, (event) =>
        event.kind === 'write' ? [event, { ...event, requestId: 'another', revision: 9999 }] : undefined,
      ),
  },
  {
    promise: 'acknowledged',
    name: 'a refused write is in the store',
    plant: (recording) =>
      replaceFirst(recording, (event) => (event.kind === 'write' ? [{ ...event, outcome: 'failed' }] : undefined)),
  },
  {
    promise: 'acknowledged',
    name: 'a write happens twice',
    plant: (recording) =>
      replaceFirst(recording, (event) =>
        event.kind === 'change' ? [event, { ...event, revision: event.revision + 1000, seq: undefined }] : undefined,
      ),
  },
  {
    promise: 'acknowledged',
    name: 'an answer tells another revision',
    plant: (recording) =>
      replaceFirst(recording, (event) =>
        event.kind === 'write' ? [{ ...event, revision: (event.revision ?? 0) + 1 }] : undefined,
      ),
  },
  {
    promise: 'acknowledged',
    name: 'an answer does not show what was asked for',
    plant: (recording) =>
      replaceFirst(recording, (event) => (event.kind === 'write' ? [{ ...event, isIgnored: true }] : undefined)),
  },
  {
    promise: 'acknowledged',
    name: 'a later write has a lower revision than one answered before it began',
    plant: (recording) => {
      const writes = recording.filter((event): event is EventOf<'write'> => event.kind === 'write');
      const first = writes.find(({ revision }) => revision === 1);
      if (!first || writes.length < 2) return undefined;
      return recording.map((event) => (event === first ? { ...first, startedAt: 1e6, at: 1e6 } : event));
    },
  },
  {
    promise: 'never back in time',
    name: 'a snapshot shows an older revision than was shown before',
    plant: (recording) =>
      replaceUpsert(recording, (event, [id, revision, print]) => {
        const { at, subscriber, stream } = event;
        const told = { at, subscriber, stream } as const;
        const upserts = [[id, revision - 1, print, true]] as const;
        return [
          event,
          { ...told, kind: 'begin', reason: 'first' },
          { ...told, kind: 'changes', upserts, removals: [] },
        ];
      }),
  },
];

function isAfterResume(recording: Recording, index: number): boolean {
  const event = recording[index];
  if (!event || !('stream' in event)) return false;
  const before = recording
    .slice(0, index)
    .findLast((one) => 'stream' in one && one.subscriber === event.subscriber && one.kind !== 'changes');
  return before?.kind === 'resumed';
}

/** A change that the client let in, and whose stretch ended with a checkpoint: without one it would be sent again. */
function matters(recording: Recording, [, , , isApplied]: SeenRow, index: number): boolean {
  return isApplied && recording[index + 1]?.kind === 'checkpoint';
}

function isHeld(recording: Recording, subscriber: string, id: string, index: number): boolean {
  const replay = createReplay();
  for (const event of recording.slice(0, index))
    if ('stream' in event && event.subscriber === subscriber) replay.apply(event);
  return replay.known.get(id)?.isRemoved === false;
}

function listOf(recording: Recording, subscriber: string): string | undefined {
  return recording.find(
    (event): event is EventOf<'subscriber'> => event.kind === 'subscriber' && event.subscriber === subscriber,
  )?.list;
}
