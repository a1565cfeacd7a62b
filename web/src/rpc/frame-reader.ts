import { rpcFailure } from './rpc-failure.ts';

/** One length-prefixed frame of a gRPC-Web body. */
export interface Frame {
  readonly kind: 'message' | 'trailers';
  readonly bytes: Uint8Array;
}

export interface FrameReader {
  /** The next frame; undefined at the end of the body. Reads from the network only what this frame needs, so that a reader that pauses makes the server pause. */
  next(): Promise<Frame | undefined>;
  /** Reads on until the body has ended; for what may still come after the trailers. */
  drain(): Promise<void>;
}

/** Frames longer than these end the call before they are held in memory. */
export const frameLimits = { messageBytes: 4 * 1024 * 1024, trailerBytes: 256 * 1024 } as const;

const prefixBytes = 5;
const trailersFlag = 0x80;
const compressedFlag = 0x01;

/** Cuts a body into frames. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md */
export function createFrameReader(body: ReadableStream<Uint8Array>): FrameReader {
  const reader = body.getReader();
  const take = createByteSource(reader);
  return {
    async drain() {
      while (!(await reader.read()).done);
    },
    async next() {
      const prefix = await take(prefixBytes);
      if (prefix.length === 0) return undefined;
      if (prefix.length < prefixBytes) throw cutShort();
      const { kind, length } = parsePrefix(prefix);
      const bytes = await take(length);
      if (bytes.length < length) throw cutShort();
      return { kind, bytes };
    },
  };
}

function parsePrefix(prefix: Uint8Array): { readonly kind: Frame['kind']; readonly length: number } {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const flags = view.getUint8(0);
  const length = view.getUint32(1);
  if ((flags & compressedFlag) !== 0)
    throw rpcFailure('INTERNAL', 'The answer is compressed, which was not asked for.');
  if ((flags & ~trailersFlag) !== 0)
    throw rpcFailure('INTERNAL', `The answer has a frame of an unknown kind (${flags}).`);
  const kind = flags === trailersFlag ? 'trailers' : 'message';
  if (length > (kind === 'trailers' ? frameLimits.trailerBytes : frameLimits.messageBytes)) {
    throw rpcFailure('RESOURCE_EXHAUSTED', `The answer has a frame of ${length} bytes, which is too long.`);
  }
  return { kind, length };
}

/** Makes a function that takes the next bytes off a body: fewer than asked for only at its end. Every byte is copied at most once. */
function createByteSource(reader: ReadableStreamDefaultReader<Uint8Array>): (length: number) => Promise<Uint8Array> {
  let chunk: Uint8Array = new Uint8Array(0);
  return async (length) => {
    if (chunk.length >= length) return cut(length);
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (chunk.length === 0) {
        const { done, value } = await reader.read();
        if (done) break;
        chunk = value;
      }
      const part = cut(Math.min(missing, chunk.length));
      parts.push(part);
      missing -= part.length;
    }
    return concat(parts, length - missing);
  };

  function cut(length: number): Uint8Array {
    const part = chunk.subarray(0, length);
    chunk = chunk.subarray(length);
    return part;
  }
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function cutShort(): Error {
  return rpcFailure('UNAVAILABLE', 'The connection broke off inside the answer.');
}
