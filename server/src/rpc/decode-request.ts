import { limits } from '@roster/proto/limits';
import { Code, errorInfo, invalidArgument, RpcError } from './rpc-error.ts';

/** Carries why a request message could not be read to the handler's chain, in the message's place in the stream. */
export interface UnreadableRequest {
  readonly unreadable: RpcError;
}

/** Messages nested deeper are refused. The contract's own requests nest to four. */
const nestingMax = 32;
const prototypeKey = '__proto__';

/**
 * Makes a deserializer that never throws: grpc-js would answer INTERNAL, without details, before any interceptor ran.
 * `encode` is the message's own serializer; it shows what decoding has dropped.
 */
export function createRequestDecoder<I>(
  decode: (bytes: Buffer) => I,
  encode: (message: I) => Buffer,
): (bytes: Buffer) => I | UnreadableRequest {
  return (bytes) => {
    if (bytes.byteLength > limits.messageBytes) return { unreadable: messageTooLarge() };
    try {
      const message = decode(bytes);
      if (nestsTooDeep(message)) return { unreadable: malformed('The message nests too deep.') };
      if (dropsPrototypeKey(bytes, message, encode)) return { unreadable: prototypeKeyRefused() };
      return message;
    } catch (error) {
      // A RangeError is an exhausted call stack or a length that runs past the end.
      return { unreadable: malformed('The message is not valid protobuf.', error) };
    }
  };
}

export function isUnreadable(value: unknown): value is UnreadableRequest {
  return typeof value === 'object' && value !== null && 'unreadable' in value && value.unreadable instanceof RpcError;
}

function messageTooLarge(): RpcError {
  const message = `The message is larger than ${limits.messageBytes} bytes.`;
  return new RpcError(Code.INVALID_ARGUMENT, message, [
    errorInfo('MESSAGE_TOO_LARGE', { limitBytes: String(limits.messageBytes) }),
  ]);
}

function malformed(message: string, cause?: unknown): RpcError {
  const error = new RpcError(Code.INVALID_ARGUMENT, message, [errorInfo('MALFORMED_MESSAGE')]);
  error.cause = cause;
  return error;
}

function prototypeKeyRefused(): RpcError {
  return invalidArgument([
    { field: 'metadata', description: `The key ${prototypeKey} is not allowed.`, reason: 'KEY_NOT_ALLOWED' },
  ]);
}

/** protobuf-ts loses a map entry whose key is `__proto__` in silence; encoding the message again shows whether it did. */
function dropsPrototypeKey<I>(bytes: Buffer, message: I, encode: (message: I) => Buffer): boolean {
  if (!bytes.includes(prototypeKey)) return false;
  return occurrences(encode(message)) < occurrences(bytes);
}

function occurrences(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(prototypeKey); at >= 0; at = bytes.indexOf(prototypeKey, at + prototypeKey.length))
    count += 1;
  return count;
}

/** Walks breadth first, so that no depth exhausts the call stack. */
function nestsTooDeep(message: unknown): boolean {
  let level: object[] = isObject(message) ? [message] : [];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > nestingMax) return true;
    level = level.flatMap((value) => (ArrayBuffer.isView(value) ? [] : Object.values(value).filter(isObject)));
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
