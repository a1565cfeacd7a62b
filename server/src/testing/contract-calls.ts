import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import type { MethodInfo, RpcTransport } from '@protobuf-ts/runtime-rpc';
import { CredentialService } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { HistoryService } from '@roster/proto/gen/roster/history/v1/history_service';
import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { TokenService } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { UserService } from '@roster/proto/gen/userservice/v1/user_service';
import { type Failure, failureOf } from '../rpc/read-failure.ts';

/** Every service of the contract. */
export const contractServices = [UserService, SessionService, CredentialService, TokenService, HistoryService];

export type ContractMethod = (typeof contractServices)[number]['methods'][number];

/** Every method of the contract, by its full name. */
export const contractMethods: ReadonlyMap<string, ContractMethod> = new Map(
  contractServices.flatMap((service) => service.methods.map((method) => [pathOf(method), method] as const)),
);

function pathOf({ service, name }: ContractMethod): string {
  return `/${service.typeName}/${name}`;
}

/** A transport whose calls say only what each of them is given. */
export function bareTransport(port: number): GrpcTransport {
  return new GrpcTransport({ host: `127.0.0.1:${port}`, channelCredentials: ChannelCredentials.createInsecure() });
}

/** Calls a method of any kind with one request, an empty one unless told otherwise, and reads all its answers. Undefined where it goes well. */
export async function failureOfMethod(
  transport: RpcTransport,
  method: ContractMethod,
  meta: Readonly<Record<string, string>>,
  request: object = {},
): Promise<Failure | undefined> {
  const outcome = call(transport, method, meta, request);
  return outcome.then(
    () => undefined,
    () => failureOf(outcome),
  );
}

async function call(
  transport: RpcTransport,
  info: ContractMethod,
  meta: Readonly<Record<string, string>>,
  request: object,
): Promise<void> {
  const method: MethodInfo<object, object> = info;
  const input = method.I.create(request);
  const options = transport.mergeOptions({ meta: { ...meta } });
  if (method.clientStreaming) {
    const open = method.serverStreaming
      ? transport.duplex(method, options)
      : transport.clientStreaming(method, options);
    // A call that is refused early closes its requests.
    await open.requests.send(input).catch(() => undefined);
    await open.requests.complete().catch(() => undefined);
    if ('responses' in open) for await (const _ of open.responses);
    await open;
  } else if (method.serverStreaming) {
    const open = transport.serverStreaming(method, input, options);
    for await (const _ of open.responses);
    await open;
  } else {
    await transport.unary(method, input, options);
  }
}
