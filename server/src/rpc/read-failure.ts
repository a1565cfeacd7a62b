import { RpcError as ClientError } from '@protobuf-ts/runtime-rpc';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import { BadRequest, ErrorInfo, RetryInfo } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';

/** What a caller learns of a failed call, for tests. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly reason: string | undefined;
  readonly info: Readonly<Record<string, string>>;
  readonly fields: readonly string[];
  readonly hasRetryDelay: boolean;
}

/** Waits for a call to fail and reads its status with its details. Rejects if the call goes well. */
export async function failureOf(call: PromiseLike<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { code: error.code, message: error.message, ...detailsOf(error.meta['grpc-status-details-bin']) };
  }
  throw new Error('The call went well.');
}

/** Reads the value of a `grpc-status-details-bin` header. */
export function detailsOf(value: unknown): Omit<Failure, 'code' | 'message'> {
  const { details } = Status.fromBinary(Buffer.from(String(value ?? ''), 'base64'));
  const info = unpack(details, ErrorInfo);
  return {
    reason: info?.reason,
    info: info?.metadata ?? {},
    fields: unpack(details, BadRequest)?.fieldViolations.map(({ field }) => field) ?? [],
    hasRetryDelay: unpack(details, RetryInfo)?.retryDelay !== undefined,
  };
}

function unpack<T extends object>(details: readonly Any[], type: Parameters<typeof Any.unpack<T>>[1]): T | undefined {
  const detail = details.find((any) => Any.contains(any, type));
  return detail && Any.unpack(detail, type);
}
