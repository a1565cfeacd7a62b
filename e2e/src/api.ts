import type { User } from '@roster/proto/gen/userservice/v1/user';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import {
  CreateUserRequest,
  ListUsersRequest,
  PurgeUserRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { programTransport } from './sign-in.ts';

/** The console's own way to the server, for arranging and checking: through the proxy, without a browser. */
export interface Api {
  readonly client: UserServiceClient;
  create(fields: Partial<CreateUserRequest>): Promise<User>;
  get(id: string): Promise<User>;
  update(id: string, fields: Partial<User>, paths: readonly string[]): Promise<User>;
  delete(id: string): Promise<void>;
  /** For good; they must be deleted. */
  erase(id: string): Promise<void>;
  /** The first page of what a filter finds. */
  list(filter: string): Promise<readonly User[]>;
}

export function createApi(url: string, token: string): Api {
  const client = new UserServiceClient(programTransport(url, token));
  return {
    client,
    async create(fields) {
      const request = CreateUserRequest.create({ role: UserRole.VIEWER, ...fields });
      return required((await client.createUser(request).response).user);
    },
    get: async (id) => required((await client.getUser({ id }).response).user),
    async update(id, fields, paths) {
      const request = UpdateUserRequest.create({ id, user: fields, updateMask: { paths: [...paths] } });
      return required((await client.updateUser(request).response).user);
    },
    async delete(id) {
      await client.deleteUser({ id, baseRevision: 0, requestId: '', confirmSelf: false });
    },
    async erase(id) {
      await client.purgeUser(PurgeUserRequest.create({ id }));
    },
    async list(filter) {
      const users: User[] = [];
      for await (const user of client.listUsers(ListUsersRequest.create({ filter, pageSize: 1000 })).responses)
        users.push(user);
      return users;
    },
  };
}

function required(user: User | undefined): User {
  if (!user) throw new Error('the answer has no user');
  return user;
}
