import { Server, ServerCredentials, type ServerWritableStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { userServiceDefinition } from '@roster/proto/gen/userservice/v1/user_service.grpc-server';
import { createPageReader, userOf } from './lib/read-page.ts';

/** The plain way with grpc-js and protobuf-ts: a stream of users, each a message that the generated code encodes. */
const [databaseUrl = ''] = process.argv.slice(2);
const readPage = createPageReader(databaseUrl);

const handlers: UntypedServiceImplementation = {
  async listUsers(call: ServerWritableStream<ListUsersRequest, User>) {
    for (const row of await readPage(call.request.pageSize)) call.write(userOf(row));
    call.end();
  },
};
const { listUsers } = userServiceDefinition;
const server = new Server();
server.addService({ listUsers }, handlers);
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  );
});
console.log(JSON.stringify({ msg: 'listening', port }));
