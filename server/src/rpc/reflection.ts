import type { DescriptorFile } from '@roster/proto/gen/descriptors';
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from '@roster/proto/gen/grpc/reflection/v1/reflection';
import { serverReflectionDefinition } from '@roster/proto/gen/grpc/reflection/v1/reflection.grpc-server';
import { Code, RpcError } from './rpc-error.ts';
import { type BoundService, bindService } from './service.ts';

type Answer = ServerReflectionResponse['messageResponse'];

const v1 = 'grpc.reflection.v1.ServerReflection';
/** The name before the interface was final, under which older clients still ask; its messages are the same on the wire. */
const v1alpha = 'grpc.reflection.v1alpha.ServerReflection';

/** Serves the descriptors of the contract, with their comments, so that clients such as grpcurl need no .proto files. */
export function createReflection(files: readonly DescriptorFile[]): BoundService {
  const answer = createAnswerer(files);
  const service = bindService(serverReflectionDefinition, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        if (request instanceof RpcError) throw request;
        yield { validHost: request.host, originalRequest: request, messageResponse: answer(request.messageRequest) };
      }
    },
  });
  return [...service, ...service.map((method) => ({ ...method, path: method.path.replace(v1, v1alpha) }))];
}

function createAnswerer(
  files: readonly DescriptorFile[],
): (request: ServerReflectionRequest['messageRequest']) => Answer {
  const byName = new Map(files.map((file) => [file.name, file]));
  const bySymbol = new Map(files.flatMap((file) => file.symbols.map((symbol) => [symbol, file] as const)));
  const services = files.flatMap((file) => file.services).map((name) => ({ name }));

  return (request) => {
    switch (request.oneofKind) {
      case 'listServices':
        return { oneofKind: 'listServicesResponse', listServicesResponse: { service: services } };
      case 'fileByFilename':
        return withDependencies(byName.get(request.fileByFilename), byName);
      case 'fileContainingSymbol':
        return withDependencies(bySymbol.get(request.fileContainingSymbol), byName);
      case 'fileContainingExtension':
      case 'allExtensionNumbersOfType':
        return refusal(Code.NOT_FOUND, 'The contract has no extensions.');
      case undefined:
        return refusal(Code.INVALID_ARGUMENT, 'The request asks for nothing that this server knows.');
    }
  };
}

/** A file and all that it imports, so that the client need not ask again. */
function withDependencies(file: DescriptorFile | undefined, byName: ReadonlyMap<string, DescriptorFile>): Answer {
  if (!file) return refusal(Code.NOT_FOUND, 'The contract has nothing of this name.');
  const found = new Set([file]);
  for (const { dependencies } of found) {
    for (const name of dependencies) {
      const dependency = byName.get(name);
      if (dependency) found.add(dependency);
    }
  }
  const fileDescriptorProto = [...found].map(({ base64 }) => Buffer.from(base64, 'base64'));
  return { oneofKind: 'fileDescriptorResponse', fileDescriptorResponse: { fileDescriptorProto } };
}

function refusal(errorCode: Code, errorMessage: string): Answer {
  return { oneofKind: 'errorResponse', errorResponse: { errorCode, errorMessage } };
}
