import { setTimeout as wait } from 'node:timers/promises';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';

/**
 * Saves users in turn by the unary call, as many a second whether or not the last ones are answered. Gives how long each took, counted from when it was due:
 * a server that stalls cannot hide it by keeping the next call from being made.
 */
export async function saveInTurn(
  client: UserServiceClient,
  users: readonly User[],
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> {
  const startedAt = performance.now();
  const saves: Promise<number>[] = [];
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const dueAt = startedAt + (number * 1000) / perSecond;
    await wait(Math.max(0, dueAt - performance.now()));
    const user = users[number % users.length];
    if (user) saves.push(save(client, user).then(() => performance.now() - dueAt));
  }
  return Promise.all(saves);
}

/** The name ends in `@` and the time at which it was sent. */
async function save(client: UserServiceClient, user: User): Promise<void> {
  const name = `${user.name.replace(/ @\d+$/, '')} @${Date.now()}`;
  const request = UpdateUserRequest.create({ id: user.id, user: { name }, updateMask: { paths: ['name'] } });
  await client.updateUser(request).response;
}
