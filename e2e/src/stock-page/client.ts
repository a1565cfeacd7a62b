/**
 * Runs in the browser, on a page that has nothing of ours but the given contract: the stock transport with its defaults
 * (text format, no interceptors), as anyone would write it who read protobuf-ts' manual.
 */
import { GrpcWebFetchTransport } from '@protobuf-ts/grpcweb-transport';
import { RpcError } from '@protobuf-ts/runtime-rpc';
import type { User } from '@roster/proto/given/userservice/v1/user_service';
import { UserRole } from '@roster/proto/given/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/given/userservice/v1/user_service.client';
import type { StockPage } from './stock-page.ts';

/** Calls with stock clients; a failure comes back as its code, because errors do not cross into the test. */
function createStockPage(baseUrl: string, token: string): StockPage {
  const meta = { authorization: `Bearer ${token}` };
  const client = new UserServiceClient(new GrpcWebFetchTransport({ baseUrl, meta }));
  return {
    async useEveryMethod(person, filter) {
      const { response: created } = await client.createUser({ ...person, role: UserRole.EDITOR });
      const id = created.user?.id ?? '';
      const { response: read } = await client.getUser({ id });
      const change = { id, user: { ...emptyUser, name: 'Renamed By Stock' }, updateMask: { paths: ['name'] } };
      const { response: updated } = await client.updateUser(change);
      const call = client.listUsers({ pageSize: 50, pageToken: '', filter });
      const listed: string[] = [];
      for await (const user of call.responses) listed.push(user.name);
      const trailers = await call.trailers;
      await client.deleteUser({ id });
      return {
        created: created.user?.name ?? '',
        read: read.user?.name ?? '',
        updated: updated.user?.name ?? '',
        listed,
        total: String(trailers['x-total-size'] ?? ''),
        afterDelete: await codeOf(client.updateUser(change).response),
      };
    },
    codeOfCreate: (person) => codeOf(client.createUser({ ...person, role: UserRole.VIEWER }).response),
    async codeOfSlowList(timeout) {
      return codeOf(client.listUsers({ pageSize: 1, pageToken: '', filter: '' }, { timeout }).status);
    },
  };
}

const emptyUser: User = { id: '', name: '', email: '', role: UserRole.UNSPECIFIED, tags: [], metadata: {} };

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    return error instanceof RpcError ? error.code : String(error);
  }
}

Object.assign(globalThis, { createStockPage });
