import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { type User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { v7 as uuidV7 } from 'uuid';
import { onTestFinished } from 'vitest';
import type { Connection, Database } from '../database/database.ts';
import { readStoreId } from '../database/store-identity.ts';
import { hostActor } from '../host/host-actor.ts';
import { createSessionCookie } from '../identity/session-cookie.ts';
import { startSession } from '../identity/session-store.ts';
import { insertUser, newUser } from '../store/new-user.ts';

/** Somebody who has signed in. */
export interface TestPerson {
  readonly user: User;
  readonly sessionId: string;
  /** What the browser keeps: `name=secret`. */
  readonly cookie: string;
}

export interface PersonFields extends Partial<Omit<CreateUserRequest, 'requestId'>> {
  /** Has something to sign in with, though no test knows what; so an admin counts as one. By default true. */
  readonly canSignIn?: boolean;
  /** Has proved within the last 15 minutes who they are. By default true. */
  readonly isFresh?: boolean;
}

/** Puts a person with a session straight into the store; a viewer unless told otherwise. */
export async function createPerson(database: Database, fields: PersonFields = {}): Promise<TestPerson> {
  const { canSignIn = true, isFresh = true, id = uuidV7(), ...given } = fields;
  const email = `${id.slice(-12)}@people.example`;
  const wanted = { name: 'A Person', email, role: UserRole.VIEWER, state: 0, tags: [], metadata: {}, ...given };
  const cookie = createSessionCookie(await readStoreId(database));
  return database.transaction(undefined, async (connection) => {
    const at = new Date();
    const author = { caller: { ...hostActor, ...nobodysRights }, requestId: '', address: '', at };
    const user = await insertUser(connection, newUser(wanted, id, at), author);
    if (canSignIn) await giveCredential(connection, id);
    const { sessionId, secret } = await beginSession(connection, id, isFresh);
    return { user, sessionId, cookie: `${cookie.name}=${secret}` };
  });
}

/** One more session of the same person, as from another browser. */
export async function signInAgain(database: Database, person: TestPerson): Promise<TestPerson> {
  const cookie = createSessionCookie(await readStoreId(database));
  const { sessionId, secret } = await database.transaction(undefined, (connection) =>
    beginSession(connection, person.user.id, true),
  );
  return { ...person, sessionId, cookie: `${cookie.name}=${secret}` };
}

/** What a browser sends along with each call: the cookie, and what only a page of ours can send. */
export function browserHeaders(person: TestPerson, origin: string): Record<string, string> {
  return { cookie: person.cookie, 'x-grpc-web': '1', origin };
}

/** The part of a test's server that a caller must know. */
interface Server {
  readonly app: { readonly port: number };
}

/** A transport whose calls come from the person; ends with the test. */
export function transportOf(person: TestPerson, server: Server): GrpcTransport {
  return transportWith(server, browserHeaders(person, `http://${hostOf(server)}`));
}

/** A transport whose calls come from the program with a token, as createTestToken makes one; ends with the test. */
export function transportOfProgram(token: { readonly text: string }, server: Server): GrpcTransport {
  return transportWith(server, { authorization: `Bearer ${token.text}` });
}

function transportWith(server: Server, meta: Record<string, string>): GrpcTransport {
  const channelCredentials = ChannelCredentials.createInsecure();
  const transport = new GrpcTransport({ host: hostOf(server), channelCredentials, meta });
  onTestFinished(() => transport.close());
  return transport;
}

function hostOf({ app }: Server): string {
  return `127.0.0.1:${app.port}`;
}

/** The client of UserService over such a transport. */
export function clientOf(person: TestPerson, server: Server): UserServiceClient {
  return new UserServiceClient(transportOf(person, server));
}

const nobodysRights = {
  role: UserRole.UNSPECIFIED,
  userId: undefined,
  scopes: undefined,
  isFresh: false,
  expiresAt: undefined,
};

async function giveCredential(connection: Connection, userId: string): Promise<void> {
  // No password has such a hash.
  await connection.query(`insert into passwords (user_id, hash, changed_at) values ($1, '', now())`, [userId]);
}

async function beginSession(connection: Connection, userId: string, isFresh: boolean) {
  const sessionId = uuidV7();
  const method = SignInMethod.PASSWORD;
  const secret = await startSession(connection, { id: sessionId, userId, method, device: 'A test', address: '' });
  if (!isFresh) {
    await connection.query(`update sessions set authenticated_at = now() - interval '16 minutes' where id = $1`, [
      sessionId,
    ]);
  }
  return { sessionId, secret };
}
