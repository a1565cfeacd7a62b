/**
 * `node feeds.mjs URL`: opens many feeds through the proxy, creates one user, and succeeds when every feed has brought
 * it. Which servers held the feeds is for test.sh to read from Envoy.
 */
import { GrpcWebFetchTransport } from '@protobuf-ts/grpcweb-transport';
import { UserFeed, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';

/** So many that none of three servers is left out by chance. */
const FEEDS = 18;
const GIVE_UP_MS = 20_000;

interface Follower {
  readonly snapshot: Promise<void>;
  /** Settles when the feed brings a user with this address. */
  readonly arrived: Promise<void>;
}

function follow(client: UserServiceClient, email: string, signal: AbortSignal): Follower {
  const snapshot = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const request = ListUsersRequest.create({ watch: true, filter: `email = "${email}"` });
  const call = client.listUsers(request, { abort: signal, meta: { 'x-roster-feed': '1' } });
  async function read(): Promise<void> {
    for await (const message of call.responses) {
      const { event } = message.feed ?? UserFeed.create();
      if (event.oneofKind === 'end') snapshot.resolve();
      if (event.oneofKind === 'changes' && event.changes.upserts.some((user) => user.email === email))
        arrived.resolve();
    }
    throw new Error('the feed ended');
  }
  read().catch((error: unknown) => {
    snapshot.reject(error);
    arrived.reject(error);
  });
  return { snapshot: snapshot.promise, arrived: arrived.promise };
}

async function main(url: string): Promise<void> {
  const meta = { authorization: `Bearer ${process.env['ROSTER_TOKEN'] ?? ''}` };
  const client = new UserServiceClient(new GrpcWebFetchTransport({ baseUrl: url, format: 'binary', meta }));
  const email = `feed-${Date.now().toString(36)}@example.com`;
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  const followers = Array.from({ length: FEEDS }, () => follow(client, email, signal));
  await Promise.all(followers.map((follower) => follower.snapshot));
  const began = performance.now();
  await client.createUser(CreateUserRequest.create({ name: 'Seen by all', email, role: UserRole.EDITOR }));
  await Promise.all(followers.map((follower) => follower.arrived));
  console.log(`${FEEDS} feeds brought it within ${Math.round(performance.now() - began)} ms`);
}

await main(process.argv[2] ?? '');
process.exit(0);
