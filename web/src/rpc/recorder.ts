import type { MethodInfo, RpcMetadata } from '@protobuf-ts/runtime-rpc';
import type { CallEnd, CallObserver, CallWatch } from './call-observer.ts';

/** A message's bytes, for as long as the budget allows. */
export interface RecordedBytes {
  readonly size: number;
  /** Undefined once they had to make room, and where they are never kept. */
  bytes: Uint8Array | undefined;
  /** They may hold a password, a link or a token, so they are never kept. */
  readonly isHidden: boolean;
}

export interface RecordedFrame extends RecordedBytes {
  /** When its reader took it, in epoch milliseconds. */
  readonly at: number;
  /** Its place in the stream, from 1. */
  readonly number: number;
}

/** One call as it went over the wire. It grows until `ended`; `version` tells that it has. */
export interface RecordedCall {
  readonly id: number;
  readonly method: MethodInfo;
  readonly startedAt: number;
  readonly timeoutMs: number | undefined;
  readonly metadata: RpcMetadata;
  readonly request: RecordedBytes;
  opened: { readonly at: number; readonly httpStatus: number; readonly headers: RpcMetadata } | undefined;
  /** The latest messages, oldest first. */
  frames: RecordedFrame[];
  /** All messages, also those that are no longer, or while paused never were, among `frames`. */
  frameCount: number;
  /** Bytes of frames with their prefixes, before compression. */
  bytesUp: number;
  bytesDown: number;
  ended: (CallEnd & { readonly at: number }) | undefined;
  version: number;
}

export interface RecorderOptions {
  readonly mostCalls?: number;
  /** Of one call. */
  readonly mostFrames?: number;
  /** Of all messages together. */
  readonly mostBytes?: number;
  readonly now?: () => number;
}

/** Keeps what went over the wire, within bounds; decodes nothing. */
export interface Recorder {
  readonly observe: CallObserver;
  calls(): readonly RecordedCall[];
  /** While paused nothing new is kept; calls under way still count their bytes and end. */
  pause(isPaused: boolean): void;
  isPaused(): boolean;
  /** Forgets the calls that have ended, and the messages of those under way. */
  clear(): void;
  /** Forgets every call, and keeps nothing more of those under way. */
  forgetAll(): void;
  /** Calls back after every event, however many there are. */
  subscribe(listener: () => void): () => void;
}

const prefixBytes = 5;
const longestValue = 16_384;
/** Metadata that signs a caller in. Its values are never kept. */
const secretNames =
  /^(authorization|proxy-authorization|cookie|set-cookie)$|secret|password|api-?key|(auth|access|session|csrf)-token/;
export const hiddenValue = '(hidden)';
/** The services whose messages hold no secret. Of all others only the sizes are kept. */
const openServices = /^(userservice|roster\.history)\./;

export function createRecorder(options: RecorderOptions = {}): Recorder {
  const { mostCalls = 500, mostFrames = 500, mostBytes = 8 * 1024 * 1024, now = Date.now } = options;
  const calls = new Set<RecordedCall>();
  const listeners = new Set<() => void>();
  /** Oldest first, so that the oldest make room. */
  const kept = new Set<RecordedBytes>();
  let keptBytes = 0;
  let nextId = 1;
  let isPaused = false;

  /** Copies: a view would hold on to the whole buffer that the network filled. */
  function keep<T extends object>(bytes: Uint8Array, method: MethodInfo, more: T): T & RecordedBytes {
    const isHidden = !openServices.test(method.service.typeName);
    const copy = isHidden || bytes.length > mostBytes ? undefined : bytes.slice();
    const record = { ...more, size: bytes.length, bytes: copy, isHidden };
    if (!record.bytes) return record;
    kept.add(record);
    keptBytes += record.size;
    while (keptBytes > mostBytes) {
      const [oldest] = kept;
      if (!oldest) break;
      drop(oldest);
    }
    return record;
  }

  function drop(record: RecordedBytes): void {
    if (kept.delete(record)) keptBytes -= record.size;
    record.bytes = undefined;
  }

  function forget(call: RecordedCall): void {
    calls.delete(call);
    for (const record of [call.request, ...call.frames]) drop(record);
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  /** An open feed is worth more than calls that have ended, however old it is. */
  function makeRoom(): void {
    if (calls.size <= mostCalls) return;
    const all = [...calls];
    const first = all.find(({ ended }) => ended) ?? all[0];
    if (first) forget(first);
  }

  function watch(call: RecordedCall): CallWatch {
    const change = () => {
      call.version += 1;
      tell();
    };
    return {
      opened(httpStatus, headers) {
        call.opened = { at: now(), httpStatus, headers: withoutSecrets(headers) };
        change();
      },
      arrived(kind, bytes) {
        call.bytesDown += prefixBytes + bytes.length;
        if (kind === 'message') {
          call.frameCount += 1;
          if (!isPaused && calls.has(call))
            call.frames.push(keep(bytes, call.method, { at: now(), number: call.frameCount }));
          if (call.frames.length > mostFrames) for (const frame of call.frames.splice(0, 1)) drop(frame);
        }
        change();
      },
      ended(end) {
        call.ended = { ...end, metadata: withoutSecrets(end.metadata), at: now() };
        change();
      },
    };
  }

  return {
    observe({ method, metadata, message, timeoutMs }) {
      if (isPaused) return undefined;
      const call: RecordedCall = {
        id: nextId,
        method,
        startedAt: now(),
        timeoutMs,
        metadata: withoutSecrets(metadata),
        request: keep(message, method, {}),
        opened: undefined,
        frames: [],
        frameCount: 0,
        bytesUp: prefixBytes + message.length,
        bytesDown: 0,
        ended: undefined,
        version: 0,
      };
      nextId += 1;
      calls.add(call);
      makeRoom();
      tell();
      return watch(call);
    },
    calls: () => [...calls],
    pause(next) {
      isPaused = next;
      tell();
    },
    isPaused: () => isPaused,
    clear() {
      for (const call of calls) {
        if (call.ended) forget(call);
        else for (const frame of call.frames.splice(0)) drop(frame);
        call.version += 1;
      }
      tell();
    },
    forgetAll() {
      for (const call of calls) {
        forget(call);
        call.frames = [];
        call.version += 1;
      }
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function withoutSecrets(metadata: RpcMetadata): RpcMetadata {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, values]) => {
      const cut = [values].flat().map((value) => (value.length > longestValue ? '(too long to keep)' : value));
      return [name, secretNames.test(name.toLowerCase()) ? hiddenValue : cut.length === 1 ? (cut[0] ?? '') : cut];
    }),
  );
}
