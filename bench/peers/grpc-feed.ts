import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { userServiceDefinition } from '@roster/proto/gen/userservice/v1/user_service.grpc-server';
import { tailFeed } from './lib/feed-tail.ts';

/** The plain way with grpc-js and protobuf-ts: a stream for each client, a message for each change, encoded by the generated code each time. */
const [databaseUrl = ''] = process.argv.slice(2);

const clients = new Set<ServerWritableStream<ListUsersRequest, User>>();
const handlers: UntypedServiceImplementation = {
  listUsers(call: ServerWritableStream<ListUsersRequest, User>) {
    call.sendMetadata(new Metadata());
    clients.add(call);
    call.on('cancelled', () => clients.delete(call));
    call.on('close', () => clients.delete(call));
  },
};
const { listUsers } = userServiceDefinition;
const server = new Server();
server.addService({ listUsers }, handlers);

await tailFeed(databaseUrl, (changes) => {
  for (const { user } of changes) for (const client of clients) client.write(user);
});

const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  );
});
console.log(JSON.stringify({ msg: 'listening', port }));
