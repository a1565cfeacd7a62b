import { base64decode, type IMessageType } from '@protobuf-ts/runtime';
import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import type { Duration } from '@roster/proto/gen/google/protobuf/duration';
import { BadRequest, ErrorInfo, RetryInfo } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';

/** What a server adds to an error (AIP-193), unpacked. */
export interface StatusDetails {
  readonly errorInfo: ErrorInfo | undefined;
  readonly fieldViolations: BadRequest['fieldViolations'];
  readonly retryAfterMs: number | undefined;
  /** The first detail of another type; undefined where there is none or it cannot be read. */
  find<T extends object>(type: IMessageType<T>): T | undefined;
}

/** Reads `grpc-status-details-bin`. Details that are missing or damaged leave the error as it is, without them. */
export function readStatusDetails(metadata: Readonly<RpcMetadata>): StatusDetails {
  const details = decodeStatus(metadata)?.details ?? [];
  const find = <T extends object>(type: IMessageType<T>) => unpackFirst(details, type);
  return {
    errorInfo: find(ErrorInfo),
    fieldViolations: find(BadRequest)?.fieldViolations ?? [],
    retryAfterMs: durationMs(find(RetryInfo)?.retryDelay) ?? retryAfterHeaderMs(metadata),
    find,
  };
}

/** Milliseconds of a Duration; undefined where it is unset. */
export function durationMs(duration: Duration | undefined): number | undefined {
  return duration && Number(duration.seconds) * 1000 + duration.nanos / 1_000_000;
}

function decodeStatus(metadata: Readonly<RpcMetadata>): Status | undefined {
  const encoded = [metadata['grpc-status-details-bin'] ?? []].flat()[0];
  return encoded === undefined ? undefined : quietly(() => Status.fromBinary(base64decode(encoded)));
}

function unpackFirst<T extends object>(details: readonly Any[], type: IMessageType<T>): T | undefined {
  const packed = details.find((any) => Any.contains(any, type));
  return packed && quietly(() => Any.unpack(packed, type));
}

/** Envoy's rate limit says when to come back in seconds. */
function retryAfterHeaderMs(metadata: Readonly<RpcMetadata>): number | undefined {
  const text = String(metadata['retry-after'] ?? '');
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
