import { setTimeout as wait } from 'node:timers/promises';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';

/** A list as a new reader sees it, and the position from which a watch goes on. */
export interface ReadList {
  readonly users: User[];
  readonly resumeToken: string;
}

/** Reads a list of at most a thousand by the finite call. */
export async function readList(client: UserServiceClient, request: Partial<ListUsersRequest> = {}): Promise<ReadList> {
  const call = client.listUsers(ListUsersRequest.create({ pageSize: 1000, envelope: true, ...request }));
  const users: User[] = [];
  let resumeToken = '';
  for await (const { feed } of call.responses) {
    if (feed?.event.oneofKind === 'changes') users.push(...feed.event.changes.upserts);
    if (feed?.event.oneofKind === 'end') resumeToken = feed.event.end.resumeToken;
  }
  return { users, resumeToken };
}

/** Waits until a server that was started again answers through Envoy. */
export async function untilServed(client: UserServiceClient): Promise<void> {
  for (const giveUpAt = Date.now() + 20_000; ; await wait(100)) {
    try {
      await readList(client, { pageSize: 1 });
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}
