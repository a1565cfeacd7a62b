import { base64encode } from '@protobuf-ts/runtime';
import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import { ErrorInfo } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';

/** The trailers of an error of ours that gives its reason. */
export function reasonDetails(reason: string): RpcMetadata {
  const details = [Any.pack(ErrorInfo.create({ reason, domain: 'roster' }), ErrorInfo)];
  return { 'grpc-status-details-bin': base64encode(Status.toBinary(Status.create({ details }))) };
}
