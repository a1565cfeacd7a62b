import type { User } from '@roster/proto/gen/userservice/v1/user';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import {
  BulkCreateResponse,
  CreateUserRequest,
  DeleteUserRequest,
  ListUsersRequest,
  type SyncRequest,
  type SyncResponse,
  UndeleteUserRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';

/** A request that creates somebody whom no other call creates. */
export function someone(fields: Parameters<typeof CreateUserRequest.create>[0] = {}): CreateUserRequest {
  const email = `${crypto.randomUUID()}@example.org`;
  return CreateUserRequest.create({ name: 'Some One', email, role: UserRole.VIEWER, ...fields });
}

export async function createOne(
  client: UserServiceClient,
  fields: Parameters<typeof CreateUserRequest.create>[0] = {},
): Promise<User> {
  return known((await client.createUser(someone(fields)).response).user);
}

export async function update(
  client: UserServiceClient,
  request: Parameters<typeof UpdateUserRequest.create>[0],
): Promise<User> {
  return known((await client.updateUser(UpdateUserRequest.create(request)).response).user);
}

export async function remove(client: UserServiceClient, id: string, baseRevision = 0): Promise<void> {
  await client.deleteUser(DeleteUserRequest.create({ id, baseRevision })).response;
}

export async function restore(client: UserServiceClient, id: string): Promise<User> {
  return known((await client.undeleteUser(UndeleteUserRequest.create({ id })).response).user);
}

export async function read(client: UserServiceClient, id: string): Promise<User> {
  return known((await client.getUser({ id }).response).user);
}

export interface BarePage {
  readonly users: readonly User[];
  readonly nextPageToken: string;
  readonly totalSize: number;
}

/** Reads a finite list to its end, with its trailers. */
export async function list(client: UserServiceClient, request: Partial<ListUsersRequest> = {}): Promise<BarePage> {
  const call = client.listUsers(ListUsersRequest.create(request));
  const users: User[] = [];
  for await (const user of call.responses) users.push(user);
  const trailers = await call.trailers;
  const nextPageToken = String(trailers['x-next-page-token'] ?? '');
  return { users, nextPageToken, totalSize: Number(trailers['x-total-size']) };
}

/** Walks a list page by page; `between` runs after each page. */
export async function walk(
  client: UserServiceClient,
  request: Partial<ListUsersRequest>,
  between: () => Promise<void> = async () => undefined,
): Promise<User[]> {
  const users: User[] = [];
  let pageToken = '';
  do {
    const page = await list(client, { ...request, pageToken });
    users.push(...page.users);
    pageToken = page.nextPageToken;
    await between();
  } while (pageToken !== '');
  return users;
}

export async function bulkCreate(
  client: UserServiceClient,
  rows: Iterable<CreateUserRequest>,
): Promise<BulkCreateResponse> {
  const call = client.bulkCreateUsers();
  for (const row of rows) await call.requests.send(row);
  await call.requests.complete();
  return BulkCreateResponse.create(await call.response);
}

/** Sends all actions at once and collects the answers. */
export async function sync(
  client: UserServiceClient,
  actions: readonly SyncRequest['action'][],
): Promise<SyncResponse[]> {
  const call = client.syncUsers();
  for (const action of actions) await call.requests.send({ action });
  await call.requests.complete();
  const answers: SyncResponse[] = [];
  for await (const answer of call.responses) answers.push(answer);
  return answers;
}

/** Takes what an answer must hold. */
export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The answer lacks what it must hold.');
  return value;
}
