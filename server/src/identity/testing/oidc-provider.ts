import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { Provider } from 'oidc-provider';
import type { OidcSettings } from '../../config.ts';

/** A real OpenID provider, at which anybody signs in by saying who they are. */
export interface TestProvider {
  /** What the server needs to know of it. */
  readonly settings: OidcSettings;
  /** What it was asked, as `GET /path`. */
  readonly requests: readonly string[];
  /** From now on no request is answered; until `answer` is called. */
  refuse(): void;
  answer(): void;
  /** From now on it says that whoever signs in has proved so long ago who they are. */
  tellAge(seconds: number): void;
  close(): Promise<void>;
}

/** Starts one on a free port. `origin`: of the console. */
export async function openOidcProvider({ origin }: { readonly origin: string }): Promise<TestProvider> {
  let handle: RequestListener = (_request, response) => void response.end();
  let isRefusing = false;
  let age = 0;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split('?')[0]}`);
    if (isRefusing) response.destroy();
    else handle(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const client = {
    client_id: 'roster',
    client_secret: 'the secret of the client',
    redirect_uris: [`${origin}/oidc`],
    require_auth_time: true,
  };
  const provider = new Provider(issuer, {
    clients: [client],
    cookies: { keys: ['of a test'] },
    // Pages at which anything will do.
    features: { devInteractions: { enabled: true } },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    pkce: { required: () => true },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  });
  provider.Session.prototype.authTime = function authTime() {
    return (this.loginTs ?? 0) - age;
  };
  handle = provider.callback();
  return {
    settings: {
      issuer: new URL(issuer),
      clientId: client.client_id,
      clientSecret: client.client_secret,
      name: 'The directory',
    },
    requests,
    refuse: () => {
      isRefusing = true;
    },
    answer: () => {
      isRefusing = false;
    },
    tellAge: (seconds) => {
      age = seconds;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Somebody's browser at the provider, which keeps their session there. */
export interface ProviderVisitor {
  /** Follows an authorization URL, signs in as `subject` where asked to, consents, and returns the query that they come back to the console with. */
  signIn(authorizationUrl: string, subject: string): Promise<string>;
  /** The same, for who will not. */
  abort(authorizationUrl: string): Promise<string>;
}

/** `origin`: of the console. */
export function createVisitor({ origin }: { readonly origin: string }): ProviderVisitor {
  const cookies = new Map<string, string>();

  async function visit(url: URL, form?: Record<string, string>): Promise<{ readonly url: URL; readonly page: string }> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return { url, page: await response.text() };
    const next = new URL(location, url);
    return next.origin === origin ? { url: next, page: '' } : visit(next);
  }

  async function walk(authorizationUrl: string, form: (prompt: string) => Record<string, string> | 'abort') {
    let { url, page } = await visit(new URL(authorizationUrl));
    while (url.origin !== origin) {
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (prompt === undefined) throw new Error(`The provider says: ${page}`);
      const answer = form(prompt);
      ({ url, page } = answer === 'abort' ? await visit(new URL(`${url.href}/abort`)) : await visit(url, answer));
    }
    return url.search.slice(1);
  }

  return {
    signIn: (authorizationUrl, subject) =>
      walk(authorizationUrl, (prompt) => ({ prompt, login: subject, password: 'any' })),
    abort: (authorizationUrl) => walk(authorizationUrl, () => 'abort'),
  };
}
