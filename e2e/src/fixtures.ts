import { test as base, type Page } from '@playwright/test';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { type Api, createApi } from './api.ts';
import { handover } from './config.ts';
import { type Console, openConsole } from './console.ts';

/** People that belong to one test: a tag of its own keeps them apart from all others, and they are deleted when it ends. */
export interface People {
  /** The tag that all of them carry. */
  readonly tag: string;
  /** The filter that shows just them. */
  readonly filter: string;
  create(name: string, fields?: Partial<CreateUserRequest>): Promise<User>;
}

interface Fixtures {
  /** Calls the server without a browser. */
  readonly api: Api;
  readonly people: People;
  /** Opens the console on the people of this test; more windows come from `openWindow`. */
  readonly console: Console;
  readonly openWindow: (filter?: string) => Promise<Console>;
  /** Every page reports errors and violated policies here; a test that leaves any fails. */
  readonly quiet: undefined;
}

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => use(handover.read().url),
  api: async ({ baseURL }, use) => use(createApi(baseURL ?? '')),
  people: async ({ api }, use) => {
    const tag = `t${crypto.randomUUID().slice(0, 8)}`;
    const filter = `tags:${tag}`;
    await use({
      tag,
      filter,
      create: (name, fields = {}) =>
        api.create({
          email: `${crypto.randomUUID().slice(0, 12)}@example.org`,
          ...fields,
          name,
          tags: [tag, ...(fields.tags ?? [])],
        }),
    });
    for (const user of await api.list(filter)) await api.delete(user.id);
  },
  console: async ({ page, people }, use) => use(await openConsole(page, people.filter)),
  openWindow: async ({ browser, baseURL, people }, use) => {
    const pages: Page[] = [];
    await use(async (filter = people.filter) => {
      const page = await browser.newPage({ ...(baseURL ? { baseURL } : {}) });
      pages.push(page);
      return openConsole(page, filter);
    });
    for (const page of pages) await page.close();
  },
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) complaints.push(message.text());
      });
      await use(undefined);
      if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join('\n')}`);
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';
