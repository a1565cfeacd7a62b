import { BinaryReader, WireType } from '@protobuf-ts/runtime';
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from '@roster/proto/gen/grpc/reflection/v1/reflection';
import { ServerReflectionClient } from '@roster/proto/gen/grpc/reflection/v1/reflection.client';
import { expect, test } from 'vitest';
import { frame, openRawCall, startTestServer } from './test-server.ts';

type Question = ServerReflectionRequest['messageRequest'];
type Answer = ServerReflectionResponse['messageResponse'];

test('the services are listed', async () => {
  const answer = await ask({ oneofKind: 'listServices', listServices: '*' });
  expect(
    answer.oneofKind === 'listServicesResponse' && answer.listServicesResponse.service.map(({ name }) => name),
  ).toEqual(
    expect.arrayContaining([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'userservice.v1.UserService',
    ]),
  );
});

test.each([
  'userservice.v1.UserService',
  'userservice.v1.UserService.ListUsers',
  'userservice.v1.ListUsersRequest',
  'userservice.v1.ListUsersRequest.filter',
  'userservice.v1.SyncRequest.action',
  'userservice.v1.SyncStatus',
  'userservice.v1.SYNC_STATUS_FAILED',
])('%s is found in its file, with every file that this one imports', async (symbol) => {
  const files = filesOf(await ask({ oneofKind: 'fileContainingSymbol', fileContainingSymbol: symbol }));
  expect(files[0]?.name).toBe('userservice/v1/user_service.proto');
  const names = files.map(({ name }) => name);
  expect(names).toContain('google/protobuf/any.proto');
  expect(names).toEqual(expect.arrayContaining(files.flatMap(({ dependencies }) => dependencies)));
});

test('nested types are found by their full name', async () => {
  const files = filesOf(
    await ask({ oneofKind: 'fileContainingSymbol', fileContainingSymbol: 'userservice.v1.UserFeed.GoAwayReason' }),
  );
  expect(files[0]?.name).toBe('userservice/v1/user.proto');
});

test('a file is found by its name', async () => {
  const files = filesOf(await ask({ oneofKind: 'fileByFilename', fileByFilename: 'google/rpc/status.proto' }));
  expect(files.map(({ name }) => name)).toEqual(['google/rpc/status.proto', 'google/protobuf/any.proto']);
});

test.each<Question>([
  { oneofKind: 'fileContainingSymbol', fileContainingSymbol: 'constructor' },
  { oneofKind: 'fileByFilename', fileByFilename: '../../etc/passwd' },
  { oneofKind: 'allExtensionNumbersOfType', allExtensionNumbersOfType: 'userservice.v1.User' },
])('what the contract does not have is NOT_FOUND, and the stream goes on: %o', async (question) => {
  const answer = await ask(question);
  expect(answer.oneofKind === 'errorResponse' && answer.errorResponse.errorCode).toBe(5);
});

test('clients that ask under the older name are answered', async () => {
  const { port } = await startTestServer({});
  const { stream, status } = openRawCall(port, '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo');
  const bytes: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => bytes.push(chunk));
  stream.end(frame(Buffer.from([0x3a, 0x01, 0x2a])));
  expect((await status)['grpc-status']).toBe('0');
  expect(Buffer.concat(bytes).toString('latin1')).toContain('userservice.v1.UserService');
});

async function ask(question: Question): Promise<Answer> {
  const { transport } = await startTestServer({});
  const call = new ServerReflectionClient(transport).serverReflectionInfo();
  await call.requests.send({ host: '', messageRequest: question });
  const answer = await call.responses[Symbol.asyncIterator]().next();
  await call.requests.complete();
  await call.status;
  return answer.value?.messageResponse ?? { oneofKind: undefined };
}

/** Reads name (1) and dependency (3) of each google.protobuf.FileDescriptorProto. */
function filesOf(answer: Answer): { name: string; dependencies: string[] }[] {
  if (answer.oneofKind !== 'fileDescriptorResponse') return [];
  return answer.fileDescriptorResponse.fileDescriptorProto.map((bytes) => {
    const file = { name: '', dependencies: [] as string[] };
    for (const reader = new BinaryReader(bytes); reader.pos < reader.len; ) {
      const [fieldNo, wireType] = reader.tag();
      if (fieldNo === 1 && wireType === WireType.LengthDelimited) file.name = reader.string();
      else if (fieldNo === 3 && wireType === WireType.LengthDelimited) file.dependencies.push(reader.string());
      else reader.skip(wireType);
    }
    return file;
  });
}
