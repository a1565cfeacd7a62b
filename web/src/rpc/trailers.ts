import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import { parseStatusCode, type StatusCode } from './status-codes.ts';

/** How the server ended a call. */
export interface Trailers {
  readonly code: StatusCode;
  readonly message: string;
  /** All but `grpc-status` and `grpc-message`, with names in lower case. Repeated names keep every value. */
  readonly metadata: RpcMetadata;
}

/** Reads the block of a gRPC-Web trailer frame, which is written like HTTP/1 headers. */
export function parseTrailerBlock(bytes: Uint8Array): Trailers {
  const metadata: RpcMetadata = {};
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) append(metadata, line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return trailersOf(metadata);
}

/** Collects HTTP response headers; `fetch` has joined the values of repeated ones with commas. */
export function metadataOfHeaders(headers: Headers): RpcMetadata {
  const metadata: RpcMetadata = {};
  headers.forEach((value, name) => {
    append(metadata, name.toLowerCase(), value);
  });
  return metadata;
}

/** Splits the status from the rest. A status that is missing, repeated or unreadable is UNKNOWN and never a success. */
export function trailersOf(all: Readonly<RpcMetadata>): Trailers {
  const { 'grpc-status': status, 'grpc-message': message, ...metadata } = all;
  const code = typeof status === 'string' ? parseStatusCode(status) : undefined;
  if (code === undefined) {
    return { code: 'UNKNOWN', message: 'The answer ended without a readable status.', metadata };
  }
  return { code, message: decodeMessage(typeof message === 'string' ? message : ''), metadata };
}

/** Decodes the percent-encoded `grpc-message`; a broken encoding is kept as it came. */
function decodeMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function append(metadata: RpcMetadata, name: string, value: string): void {
  const before = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
  const after = before === undefined ? value : [before, value].flat();
  Object.defineProperty(metadata, name, { value: after, enumerable: true, configurable: true, writable: true });
}
