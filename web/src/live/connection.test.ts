import { describe, expect, test } from 'vitest';
import type { AppError } from '../rpc/app-error.ts';
import { type Connection, type ConnectionEvent, nextConnection } from './connection.ts';

const error: AppError = { kind: 'unreachable', message: 'The server cannot be reached.' };
const refusal: AppError = { kind: 'signed-out', message: 'You are signed out.' };
const moment = { now: 100, lastFrameAt: 70 };

const states = {
  connecting: { kind: 'connecting' },
  live: { kind: 'live', since: 10 },
  polling: { kind: 'polling', everyMs: 5000 },
  'catching-up': { kind: 'catching-up', behind: 3 },
  reconnecting: { kind: 'reconnecting', retryAt: 120, lastFrameAt: 50, error },
  stale: { kind: 'stale', since: 20 },
  offline: { kind: 'offline', lastFrameAt: 30 },
  refused: { kind: 'refused', error: refusal },
} as const satisfies { [Kind in Connection['kind']]: Connection & { kind: Kind } };

const events = {
  attempt: { kind: 'attempt' },
  'caught-up': { kind: 'caught-up' },
  polled: { kind: 'polled', everyMs: 5000 },
  behind: { kind: 'behind', count: 3 },
  silent: { kind: 'silent' },
  lost: { kind: 'lost', error, retryAt: 150 },
  'went-offline': { kind: 'went-offline' },
  refused: { kind: 'refused', error: refusal },
} as const satisfies { [Kind in ConnectionEvent['kind']]: ConnectionEvent & { kind: Kind } };

const live: Connection = { kind: 'live', since: 100 };
const behind: Connection = { kind: 'catching-up', behind: 3 };
const again: Connection = { kind: 'catching-up', behind: 0 };
const stale: Connection = { kind: 'stale', since: 70 };
const lost: Connection = { kind: 'reconnecting', retryAt: 150, lastFrameAt: 70, error };
const offline: Connection = { kind: 'offline', lastFrameAt: 70 };
const { polling: polled, refused } = states;

/** Every state with every event; `same` means the very same object. */
const table: {
  readonly [State in Connection['kind']]: { readonly [Event in ConnectionEvent['kind']]: Connection | 'same' };
} = {
  connecting: {
    attempt: 'same',
    'caught-up': live,
    polled,
    behind,
    silent: stale,
    lost,
    'went-offline': offline,
    refused,
  },
  live: { attempt: again, 'caught-up': 'same', polled, behind, silent: stale, lost, 'went-offline': offline, refused },
  polling: {
    attempt: 'same',
    'caught-up': live,
    polled: 'same',
    behind,
    silent: stale,
    lost,
    'went-offline': offline,
    refused,
  },
  'catching-up': {
    attempt: again,
    'caught-up': live,
    polled,
    behind: 'same',
    silent: stale,
    lost,
    'went-offline': offline,
    refused,
  },
  reconnecting: {
    attempt: { ...states.reconnecting, retryAt: 100 },
    'caught-up': live,
    polled,
    behind,
    silent: stale,
    lost,
    'went-offline': offline,
    refused,
  },
  stale: { attempt: 'same', 'caught-up': live, polled, behind, silent: 'same', lost, 'went-offline': offline, refused },
  offline: { attempt: 'same', 'caught-up': live, polled, behind, silent: stale, lost, 'went-offline': 'same', refused },
  refused: {
    attempt: { kind: 'connecting' },
    'caught-up': live,
    polled,
    behind,
    silent: 'same',
    lost,
    'went-offline': 'same',
    refused,
  },
};

const cases = Object.values(states).flatMap((state) =>
  Object.values(events).map((event) => [state.kind, event.kind, state, event] as const),
);

describe('the state of the connection', () => {
  test.each(cases)('follows from %s and %s', (stateKind, eventKind, state, event) => {
    const expected = table[stateKind][eventKind];
    const next = nextConnection(state, event, moment);
    if (expected === 'same') expect(next).toBe(state);
    else expect(next).toEqual(expected);
  });
});
