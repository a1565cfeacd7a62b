import type { RpcTransport } from '@protobuf-ts/runtime-rpc';
import { type IUserServiceClient, UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { createContext, type ReactNode, useContext } from 'react';

/** The generated clients, by service. */
export interface Clients {
  readonly users: IUserServiceClient;
  /** The client of another service, the same each time. So its code loads with the screen that names it, and not with the first page. */
  of<Client extends object>(type: new (transport: RpcTransport) => Client): Client;
}

export function createClients(transport: RpcTransport): Clients {
  const made = new Map<object, object>();
  return {
    users: new UserServiceClient(transport),
    of<Client extends object>(type: new (transport: RpcTransport) => Client): Client {
      const held = made.get(type);
      if (held instanceof type) return held;
      const client = new type(transport);
      made.set(type, client);
      return client;
    },
  };
}

const ClientsContext = createContext<Clients | undefined>(undefined);

/** Hands the clients to the screens below; `main` makes them once. */
export function ClientsProvider({ clients, children }: { readonly clients: Clients; readonly children: ReactNode }) {
  return <ClientsContext value={clients}>{children}</ClientsContext>;
}

export function useClients(): Clients {
  const clients = useContext(ClientsContext);
  if (!clients) throw new Error('useClients needs a ClientsProvider above it.');
  return clients;
}
