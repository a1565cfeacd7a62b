import type { Stack, StackOptions } from '@roster/stack/stack';
import { readConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { test as base } from './fixtures.ts';
import { startOwnStack } from './own-stack.ts';
import { createToken, type SignedIn, signInAdmin } from './sign-in.ts';

interface OwnStackFixtures {
  /** A stack that no other file uses: it may be stopped, killed and filled. All other fixtures work on it. */
  readonly stack: Stack;
  readonly stackToken: string;
  readonly stackAdmin: SignedIn;
}

const needsOwnStack = 'starts and stops a stack of its own, while ROSTER_URL points at a running one';

/** For files that need a stack to themselves; where QA points at a running one, they are skipped. */
export function testOnOwnStack(options: () => Promise<Partial<StackOptions>> = async () => ({})) {
  const test = base.extend<object, OwnStackFixtures>({
    stack: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that one needs from this pattern
      async ({}, use) => {
        const stack = await startOwnStack(await options());
        await use(stack);
        await stack.stop();
      },
      { scope: 'worker', timeout: 180_000 },
    ],
    stackToken: [async ({ stack }, use) => use(await createToken(stack.databaseUrl)), { scope: 'worker' }],
    stackAdmin: [
      async ({ stack, stackToken }, use) => use(await signInAdmin(stack.url, stackToken)),
      { scope: 'worker' },
    ],
    token: async ({ stackToken }, use) => use(stackToken),
    admin: async ({ stackAdmin }, use) => use(stackAdmin),
    baseURL: async ({ stack }, use) => use(stack.url),
    grpcAddress: async ({ stack }, use) => use(stack.grpcUrl),
    database: async ({ stack }, use) => {
      const database = await openDatabase(stack.databaseUrl);
      await use(database);
      await database.close();
    },
  });
  test.skip(readConfig().url !== undefined, needsOwnStack);
  return test;
}
