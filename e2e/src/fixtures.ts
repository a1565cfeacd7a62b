import { test as base, expect, type Page } from '@playwright/test';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { type Api, createApi } from './api.ts';
import { handover } from './config.ts';
import { type Console, openConsole } from './console.ts';
import { openDatabase, type TestDatabase } from './database.ts';
import type { SignedIn } from './sign-in.ts';

/** People that belong to one test: a tag of its own keeps them apart from all others, and they are deleted when it ends. */
export interface People {
  /** The tag that all of them carry. */
  readonly tag: string;
  /** The filter that shows just them. */
  readonly filter: string;
  create(name: string, fields?: Partial<CreateUserRequest>): Promise<User>;
  /** An address that nobody has. */
  email(): string;
}

export interface Fixtures {
  /** An API token with all rights. */
  readonly token: string;
  /** The admin whom all windows are signed in as. */
  readonly admin: SignedIn;
  /** Calls the server without a browser. */
  readonly api: Api;
  readonly people: People;
  /** Opens the console on the people of this test, once they are there. More windows come from `openWindow`. */
  readonly console: Console;
  /** Opens another window, as another person would: nothing is shared with the first. */
  readonly openWindow: (filter?: string) => Promise<Console>;
  /** `host:port` of the native listener. Skips the test where a stack was named without it. */
  readonly grpcAddress: string;
  /** The stack's database. Skips the test where QA points at a stack that runs elsewhere. */
  readonly database: TestDatabase;
  /** What the pages of the test complained about: errors and violated policies. A test that leaves any fails; one that expects some takes them out. */
  readonly complaints: string[];
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that one needs from this pattern
  baseURL: async ({}, use) => use(handover.read().url),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  token: async ({}, use) => use(handover.read().token),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  admin: async ({}, use) => use(handover.read().admin),
  storageState: async ({ admin }, use) => use({ cookies: [admin.cookie], origins: [] }),
  api: async ({ baseURL, token }, use) => use(createApi(baseURL ?? '', token)),
  people: async ({ api }, use) => {
    const tag = `t${crypto.randomUUID().slice(0, 8)}`;
    const filter = `tags:${tag}`;
    const email = () => `${crypto.randomUUID().slice(0, 12)}@example.org`;
    await use({
      tag,
      filter,
      email,
      create: (name, fields = {}) =>
        api.create({ email: email(), ...fields, name, tags: [tag, ...(fields.tags ?? [])] }),
    });
    // A test may end while the servers it killed come back.
    await expect(async () => {
      await Promise.all((await api.list(filter)).map(({ id }) => api.delete(id)));
    }).toPass({ timeout: 20_000 });
  },
  complaints: [
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use) => {
      const complaints: string[] = [];
      await use(complaints);
      expect(complaints, 'what the pages complained about').toEqual([]);
    },
    { auto: true },
  ],
  page: async ({ page, complaints }, use) => {
    listenTo(page, complaints);
    await use(page);
  },
  console: async ({ page, people }, use) => use(await openConsole(page, people.filter)),
  openWindow: async ({ browser, people, complaints, storageState }, use) => {
    const pages: Page[] = [];
    await use(async (filter = people.filter) => {
      const page = await browser.newPage(storageState === undefined ? {} : { storageState });
      pages.push(page);
      listenTo(page, complaints);
      return openConsole(page, filter);
    });
    for (const page of pages) await page.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: see above
  grpcAddress: async ({}, use, testInfo) => {
    const { grpcAddress } = handover.read();
    testInfo.skip(grpcAddress === undefined, 'needs ROSTER_GRPC_ADDRESS, the native address of the stack');
    await use(grpcAddress ?? '');
  },
  // biome-ignore lint/correctness/noEmptyPattern: see above
  database: async ({}, use, testInfo) => {
    const { databaseUrl } = handover.read();
    testInfo.skip(databaseUrl === undefined, 'needs the database, which ROSTER_URL does not lead to');
    const database = await openDatabase(databaseUrl ?? '');
    await use(database);
    await database.close();
  },
});

function listenTo(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) complaints.push(message.text());
  });
}
