import { GrpcWebFetchTransport } from '@protobuf-ts/grpcweb-transport';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { askHost } from '@roster/stack/host-program';

/** A person who can sign in, and is signed in. */
export interface SignedIn {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly cookie: SessionCookie;
}

/** The session as Playwright puts it into a browser. */
export interface SessionCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: '/';
  readonly expires: -1;
  readonly httpOnly: true;
  readonly secure: true;
  readonly sameSite: 'Strict';
}

/** An API token with all rights for the Roster on a database, as `roster token create` makes it. */
export function createToken(databaseUrl: string, role = 'ADMIN'): Promise<string> {
  return askHost(databaseUrl, ['token', 'create', '--role', role, '--expires', '1d', '--name', 'End-to-end tests']);
}

/** Calls as a program does, through the proxy. */
export function programTransport(url: string, token: string): GrpcWebFetchTransport {
  return new GrpcWebFetchTransport({ baseUrl: url, format: 'binary', meta: { authorization: `Bearer ${token}` } });
}

/** Calls as somebody does who has not signed in. */
export function visitorTransport(url: string): GrpcWebFetchTransport {
  return new GrpcWebFetchTransport({ baseUrl: url, format: 'binary' });
}

/** Adds a person, and lets them in as people come in: by an invitation, whose link they open and set a password with. */
export async function inviteAndSignIn(
  url: string,
  token: string,
  person: { readonly name: string; readonly email: string; readonly role: UserRole; readonly tags?: readonly string[] },
): Promise<SignedIn> {
  const users = new UserServiceClient(programTransport(url, token));
  const invitations = new CredentialServiceClient(programTransport(url, token));
  const { tags = [], ...fields } = person;
  const created = await users.createUser(CreateUserRequest.create({ ...fields, tags: [...tags] })).response;
  const id = created.user?.id ?? '';
  const { path } = await invitations.createLink({ userId: id, requestId: '' }).response;
  const visitor = new CredentialServiceClient(visitorTransport(url));
  const password = `correct horse ${crypto.randomUUID()}`;
  const accepting = visitor.acceptLink({ secret: path.split('#')[1] ?? '', name: '', email: '', password });
  const { 'set-cookie': header } = await accepting.headers;
  await accepting.response;
  return { id, email: person.email, password, cookie: readCookie(String(header), url) };
}

function readCookie(header: string, url: string): SessionCookie {
  const [, name, value] = /^([^=]+)=([^;]*);/.exec(header) ?? [];
  if (name === undefined || value === undefined) throw new Error('the answer sets no cookie');
  const { hostname } = new URL(url);
  return { name, value, domain: hostname, path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Strict' };
}

/** The admin whom all windows of a test run are signed in as, unless a test says otherwise. */
export function signInAdmin(url: string, token: string): Promise<SignedIn> {
  const email = `admin-${crypto.randomUUID().slice(0, 8)}@roster.example`;
  return inviteAndSignIn(url, token, { name: 'Test Admin', email, role: UserRole.ADMIN });
}
