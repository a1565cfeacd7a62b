import { ChannelCredentials, Client, Metadata } from '@grpc/grpc-js';
import { RpcError as ClientError } from '@protobuf-ts/runtime-rpc';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import { BadRequest, ErrorInfo, PreconditionFailure } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import { Code } from '../../../rpc/rpc-error.ts';
import type { TestApp } from '../../../testing/test-app.ts';

/** A failed call as its caller sees it, with the details of its `google.rpc.Status`. */
export interface CallFailure {
  readonly code: string;
  readonly message: string;
  readonly reason: string | undefined;
  /** ErrorInfo's metadata. */
  readonly info: Readonly<Record<string, string>>;
  /** Each as `field reason`. */
  readonly violations: readonly string[];
  /** Each as its type. */
  readonly preconditions: readonly string[];
  /** What the preconditions are about. */
  readonly subjects: readonly string[];
  readonly conflict: UpdateConflict | undefined;
}

/** Waits for a call to fail. Throws if it goes well. */
export async function failed(call: PromiseLike<unknown>): Promise<CallFailure> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'fulfilled') throw new Error('The call went well.');
  const { reason: error } = outcome;
  if (!(error instanceof ClientError)) throw error;
  const bytes = Buffer.from(String(error.meta['grpc-status-details-bin'] ?? ''), 'base64');
  return { code: error.code, message: error.message, ...describeDetails(Status.fromBinary(bytes)) };
}

export function describeStatus(status: Status | undefined): CallFailure {
  const { code, message } = status ?? Status.create();
  return { code: Code[code] ?? String(code), message, ...describeDetails(status ?? Status.create()) };
}

function describeDetails({ details }: Status): Omit<CallFailure, 'code' | 'message'> {
  const find = <T extends object>(type: Parameters<typeof Any.unpack<T>>[1]): T | undefined => {
    const detail = details.find((any) => Any.contains(any, type));
    return detail && Any.unpack(detail, type);
  };
  const info = find(ErrorInfo);
  const preconditions = find(PreconditionFailure)?.violations ?? [];
  return {
    reason: info?.reason,
    info: info?.metadata ?? {},
    violations: find(BadRequest)?.fieldViolations.map(({ field, reason }) => `${field} ${reason}`) ?? [],
    preconditions: preconditions.map(({ type }) => type),
    subjects: preconditions.map(({ subject }) => subject),
    conflict: find(UpdateConflict),
  };
}

/** Sends bytes that no generated client would send, as a unary call of UserService, and waits for it to fail. */
export function failedRaw({ app, token }: TestApp, method: string, bytes: Uint8Array): Promise<CallFailure> {
  const client = new Client(`127.0.0.1:${app.port}`, ChannelCredentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token.text}`);
  const keep = (value: Buffer) => value;
  return new Promise<CallFailure>((resolve, reject) => {
    client.makeUnaryRequest(
      `/userservice.v1.UserService/${method}`,
      keep,
      keep,
      Buffer.from(bytes),
      metadata,
      (error) => {
        if (!error) return reject(new Error('The call went well.'));
        resolve({ code: Code[error.code] ?? '', message: error.details, ...describeDetails(statusIn(error.metadata)) });
      },
    );
  }).finally(() => client.close());
}

function statusIn(metadata: Metadata): Status {
  const [bytes] = metadata.get('grpc-status-details-bin');
  return Buffer.isBuffer(bytes) ? Status.fromBinary(bytes) : Status.create();
}
