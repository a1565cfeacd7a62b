import type { Stack, StackOptions } from '@roster/stack/stack';
import { readConfig } from './config.ts';
import { test as base } from './fixtures.ts';
import { startOwnStack } from './own-stack.ts';

interface OwnStackFixtures {
  /** What the file's own stack is started with; set by `test.use` at the top of the file. */
  readonly stackOptions: Partial<StackOptions>;
  /** A stack that no other file uses: it may be stopped, killed and filled. All other fixtures work on it. */
  readonly stack: Stack;
}

const needsOwnStack = 'starts and stops a stack of its own, while ROSTER_URL points at a running one';

/** For files that need a stack to themselves; where QA points at a running one, they are skipped. */
export function testOnOwnStack(stackOptions: Partial<StackOptions> = {}) {
  const test = base.extend<object, OwnStackFixtures>({
    stackOptions: [stackOptions, { scope: 'worker' }],
    stack: [
      async ({ stackOptions: options }, use) => {
        const stack = await startOwnStack(options);
        await use(stack);
        await stack.stop();
      },
      { scope: 'worker', timeout: 180_000 },
    ],
    baseURL: async ({ stack }, use) => use(stack.url),
  });
  test.skip(readConfig().url !== undefined, needsOwnStack);
  return test;
}
