import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { answerOf } from '../../../rpc/answer-of.ts';
import { userOf } from './user-of.ts';

/** Reads one user, deleted or not. `meta`: `background` where the page reads by itself. */
export async function getUser(
  client: IUserServiceClient,
  id: string,
  abort: AbortSignal,
  meta: RpcMetadata = {},
): Promise<User> {
  return userOf(await answerOf(client.getUser({ id }, { abort, meta })));
}
