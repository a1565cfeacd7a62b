import { setTimeout as wait } from 'node:timers/promises';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';

const patienceMs = 20_000;

/** A list as a new reader sees it, and the position from which a watch goes on. */
export interface ReadList {
  readonly users: User[];
  readonly resumeToken: string;
}

/** Reads a list of at most a thousand by the finite call, again where the server cannot be reached. */
export async function readList(client: UserServiceClient, request: Partial<ListUsersRequest> = {}): Promise<ReadList> {
  for (const giveUpAt = Date.now() + patienceMs; ; await wait(200)) {
    try {
      return await readOnce(client, request);
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}

async function readOnce(client: UserServiceClient, request: Partial<ListUsersRequest>): Promise<ReadList> {
  const call = client.listUsers(ListUsersRequest.create({ pageSize: 1000, envelope: true, ...request }));
  const users: User[] = [];
  let resumeToken = '';
  for await (const { feed } of call.responses) {
    if (feed?.event.oneofKind === 'changes') users.push(...feed.event.changes.upserts);
    if (feed?.event.oneofKind === 'end') resumeToken = feed.event.end.resumeToken;
  }
  return { users, resumeToken };
}
