import { base64decode, type IMessageType, type JsonValue } from '@protobuf-ts/runtime';
import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import {
  BadRequest,
  DebugInfo,
  ErrorInfo,
  Help,
  LocalizedMessage,
  PreconditionFailure,
  QuotaFailure,
  RequestInfo,
  ResourceInfo,
  RetryInfo,
} from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import { messageJson } from './message-json.ts';

/** All that may be packed in a status. */
export const detailTypes: readonly IMessageType<object>[] = [
  ErrorInfo,
  BadRequest,
  PreconditionFailure,
  RetryInfo,
  UpdateConflict,
  QuotaFailure,
  ResourceInfo,
  RequestInfo,
  Help,
  LocalizedMessage,
  DebugInfo,
];

const detailsName = 'grpc-status-details-bin';

/** The details of a status (AIP-193); undefined where there are none, text where they cannot be read. */
export function decodeDetails(metadata: Readonly<RpcMetadata>): JsonValue | undefined {
  const encoded = [metadata[detailsName] ?? []].flat()[0];
  if (encoded === undefined) return undefined;
  try {
    const status = Status.fromBinary(base64decode(encoded));
    const json = messageJson(Status, status, { types: detailTypes });
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json['details'] ?? []) : json;
  } catch {
    return `${detailsName} cannot be read`;
  }
}
