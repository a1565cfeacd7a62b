import { join } from 'node:path';
import { createDynamicClient, type DynamicClient, describedByDescriptors, describedByFiles } from './dynamic-client.ts';

const proto = join(import.meta.dirname, '../../proto');
const service = 'userservice.v1.UserService';

/** Knows the given contract alone, without anything that was added to it. */
export function clientOfGivenContract(address: string, token: string): DynamicClient {
  const file = join(proto, 'fixtures/given/userservice/v1/user_service.proto');
  return createDynamicClient(describedByFiles(file, [join(proto, 'fixtures/given')]), service, address, token);
}

/** Knows what the server says about itself, as grpcurl does. */
export async function clientOfReflection(address: string, token: string): Promise<DynamicClient> {
  const files = describedByFiles('grpc/reflection/v1/reflection.proto', [join(proto, 'third_party')]);
  const reflection = createDynamicClient(files, 'grpc.reflection.v1.ServerReflection', address);
  const stream = reflection.exchange('ServerReflectionInfo');
  stream.end({ file_containing_symbol: service });
  for await (const answer of stream) {
    const { file_descriptor_response: described } = answer as {
      file_descriptor_response: { file_descriptor_proto: readonly Uint8Array[] };
    };
    reflection.close();
    return createDynamicClient(describedByDescriptors(described.file_descriptor_proto), service, address, token);
  }
  throw new Error('reflection did not answer');
}

export function clientOfHealth(address: string): DynamicClient {
  const files = describedByFiles('grpc/health/v1/health.proto', [join(proto, 'third_party')]);
  return createDynamicClient(files, 'grpc.health.v1.Health', address);
}
