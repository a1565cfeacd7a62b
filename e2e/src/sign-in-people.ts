import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { TestDatabase } from './database.ts';
import { testOnOwnStack } from './own-stack-fixtures.ts';
import { inviteAndSignIn, type SignedIn } from './sign-in.ts';

export interface Person extends SignedIn {
  readonly name: string;
}

/** What happens to sessions while a test waits for nothing: their times are moved in the store. */
export interface Sessions {
  /** So long has nobody done anything in the sessions of a person. */
  idleFor(person: SignedIn, minutes: number): Promise<void>;
  /** So long ago has a person proved who they are. */
  provedAgo(person: SignedIn, minutes: number): Promise<void>;
  /** So long ago have the sessions of a person begun; they are used all the time. */
  begunAgo(person: SignedIn, minutes: number): Promise<void>;
  count(person: SignedIn): Promise<number>;
}

interface SignInFixtures {
  /** Adds a person who can sign in, and has a session. */
  readonly invite: (name: string, role?: UserRole) => Promise<Person>;
  readonly sessions: Sessions;
  /** A browser in which a person is signed in; `undefined` for nobody. Its pages share the session, as tabs do. */
  readonly openBrowser: (person: SignedIn | undefined, options?: BrowserContextOptions) => Promise<BrowserContext>;
}

/** Tests of signing in, on a stack of their own: they change who can. */
export function testSignIn(options?: Parameters<typeof testOnOwnStack>[0]) {
  return testOnOwnStack(options).extend<SignInFixtures>({
    invite: async ({ baseURL, token, people }, use) =>
      use(async (name, role = UserRole.EDITOR) => {
        const person = { name, email: people.email(), role, tags: [people.tag] };
        return { name, ...(await inviteAndSignIn(baseURL ?? '', token, person)) };
      }),
    sessions: async ({ database }, use) => use(sessionsIn(database)),
    openBrowser: async ({ browser, baseURL, complaints }, use) => {
      const contexts: BrowserContext[] = [];
      await use(async (person, options) => {
        const context = await openContext(browser, baseURL, person, options);
        contexts.push(context);
        context.on('page', (page) => listenTo(page, complaints));
        return context;
      });
      for (const context of contexts) await context.close();
    },
  });
}

function openContext(
  browser: Browser,
  baseURL: string | undefined,
  person: SignedIn | undefined,
  options: BrowserContextOptions = {},
) {
  const cookies = person ? [person.cookie] : [];
  return browser.newContext({
    ...(baseURL === undefined ? {} : { baseURL }),
    viewport: { width: 1440, height: 900 },
    storageState: { cookies, origins: [] },
    ...options,
  });
}

function listenTo(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) complaints.push(message.text());
  });
}

function sessionsIn(database: TestDatabase): Sessions {
  const move = async (column: string, person: SignedIn, minutes: number) => {
    await database.query(
      `update sessions set ${column} = now() - $2 * interval '1 minute' where user_id = $1 and ended_at is null`,
      [person.id, minutes],
    );
  };
  return {
    idleFor: (person, minutes) => move('last_active_at', person, minutes),
    provedAgo: (person, minutes) => move('authenticated_at', person, minutes),
    async begunAgo(person, minutes) {
      await database.query(
        `update sessions set expires_at = now() - $2 * interval '1 minute' + interval '12 hours', last_active_at = now()
         where user_id = $1 and ended_at is null`,
        [person.id, minutes],
      );
    },
    async count(person) {
      const [row] = await database.query<{ count: number }>(
        'select count(*)::int as count from sessions where user_id = $1 and ended_at is null',
        [person.id],
      );
      return row?.count ?? 0;
    },
  };
}
