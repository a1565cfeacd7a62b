import type { RpcOptions } from '@protobuf-ts/runtime-rpc';
import type { Session, SignInWithPasswordResponse } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import type { Database } from '../database/database.ts';
import { createPasswordHasher } from '../identity/password-hasher.ts';
import { setPassword } from '../identity/password-store.ts';
import type { TestBrowser } from './test-browser.ts';
import { createPerson, type PersonFields, type TestPerson } from './test-people.ts';

export const goodPassword = 'correct horse battery staple';

const hasher = createPasswordHasher({ atOnce: 1, waiting: 100 });
const hashes = new Map<string, Promise<string>>();

/** Somebody who signs in with a password; by default `goodPassword`. */
export async function createPasswordPerson(
  database: Database,
  { password = goodPassword, ...fields }: PersonFields & { readonly password?: string } = {},
): Promise<TestPerson> {
  const person = await createPerson(database, { ...fields, canSignIn: false });
  const hash = hashes.get(password) ?? hasher.hash(password);
  hashes.set(password, hash);
  const text = await hash;
  await database.run(undefined, (connection) => setPassword(connection, person.user.id, text));
  return person;
}

/** A call from this address, as a proxy on this machine tells it. */
export function from(address: string): RpcOptions {
  return { meta: { 'x-forwarded-for': address } };
}

export function signInWith(
  browser: TestBrowser,
  email: string,
  password: string = goodPassword,
  options: RpcOptions = {},
): Promise<SignInWithPasswordResponse> {
  return new SessionServiceClient(browser.transport).signInWithPassword({ email, password }, options).response;
}

/** The session that an answer brings. Throws where a second factor is asked for. */
export function sessionIn({ result }: SignInWithPasswordResponse): Session {
  if (result.oneofKind !== 'session') throw new Error('Nobody is signed in.');
  return result.session;
}
