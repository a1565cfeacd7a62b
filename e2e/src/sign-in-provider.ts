import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { freePort } from '@roster/stack/ports';
import type { StackOptions } from '@roster/stack/stack';
import { Provider } from 'oidc-provider';

/** A real OpenID provider, at which anybody signs in by saying who they are. */
export interface TestProvider {
  /** What a stack needs to know of it; the stack has its port by then, for the provider must know where to send people back to. */
  readonly stackOptions: Partial<StackOptions>;
  close(): Promise<void>;
}

export async function openProvider(): Promise<TestProvider> {
  let handle: RequestListener = (_request, response) => void response.end();
  const server = createServer((request, response) => handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const port = await freePort();
  const secret = 'the secret of the client';
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'roster', client_secret: secret, redirect_uris: [`http://localhost:${port}/oidc`] }],
    cookies: { keys: ['of a test'] },
    features: { devInteractions: { enabled: true } },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    pkce: { required: () => true },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  });
  handle = provider.callback();
  const secretFile = join(await mkdtemp(join(tmpdir(), 'roster-oidc-')), 'secret');
  await writeFile(secretFile, secret);
  const serverSettings = {
    ROSTER_OIDC_ISSUER: issuer,
    ROSTER_OIDC_CLIENT_ID: 'roster',
    ROSTER_OIDC_CLIENT_SECRET_FILE: secretFile,
    ROSTER_OIDC_NAME: 'The Directory',
  };
  return {
    stackOptions: { port, serverSettings },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Signs in at the provider's own pages, where the browser is by now, and lets it tell Roster. */
export async function signInAtProvider(page: Page, subject: string): Promise<void> {
  await confirmAtProvider(page, subject);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** As `signInAtProvider`, where it has been let tell Roster before. */
export async function confirmAtProvider(page: Page, subject: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(subject);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
}
