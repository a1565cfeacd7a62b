import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { createToken } from '@roster/e2e/sign-in';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { childEnvironment } from '@roster/stack/config';
import { inRoot } from '@roster/stack/paths';
import { type Stack, startStack } from '@roster/stack/stack';

export interface BenchStack {
  readonly stack: Stack;
  readonly client: UserServiceClient;
  /** What `client` and the watchers call with. */
  readonly token: string;
  stop(): Promise<void>;
}

/** The store that is filled with a million, and the one for what needs a list that watchers hold as a whole. */
export const homes = { large: '.roster/bench', small: '.roster/bench-small' } as const;

/** Starts a stack whose store holds at least `users` people; it is kept below `.roster`, for filling it takes minutes. */
export async function startFilledStack(users: number, home: string = homes.large): Promise<BenchStack> {
  const stack = await startStack({
    home: inRoot(home),
    port: 0,
    grpcPort: 0,
    say: (line) => console.log(line),
  });
  const token = await createToken(stack.databaseUrl);
  const meta = { authorization: `Bearer ${token}` };
  const channelCredentials = ChannelCredentials.createInsecure();
  const transport = new GrpcTransport({ host: stack.grpcUrl, channelCredentials, meta });
  const client = new UserServiceClient(transport);
  const stop = async () => {
    transport.close();
    await stack.stop();
  };
  try {
    const missing = users - (await countUsers(client));
    if (missing > 0) await seed(stack.databaseUrl, missing);
    return { stack, client, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function countUsers(client: UserServiceClient): Promise<number> {
  for (;;) {
    const call = client.listUsers(ListUsersRequest.create({ pageSize: 1 }));
    for await (const _ of call.responses);
    const size = (await call.trailers)['x-total-size'];
    // A first count of a large store may take longer than one call waits for it.
    if (typeof size === 'string') return Number(size);
  }
}

async function seed(databaseUrl: string, count: number): Promise<void> {
  console.log(`Filling the store with ${count.toLocaleString('en')} people; this takes minutes, once.`);
  const env = childEnvironment({ DATABASE_URL: databaseUrl });
  await promisify(execFile)(process.execPath, [inRoot('server/dist/seed.js'), String(count)], { env });
}
