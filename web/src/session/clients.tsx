import type { RpcTransport } from '@protobuf-ts/runtime-rpc';
import { type IUserServiceClient, UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { createContext, useContext } from 'react';

/** The generated clients of this page, all over one transport. */
export interface Clients {
  readonly users: IUserServiceClient;
}

export function createClients(transport: RpcTransport): Clients {
  return { users: new UserServiceClient(transport) };
}

export const ClientsContext = createContext<Clients | undefined>(undefined);

/** The clients that the app put above. */
export function useClients(): Clients {
  const clients = useContext(ClientsContext);
  if (!clients) throw new Error('useClients needs a ClientsContext above it');
  return clients;
}
