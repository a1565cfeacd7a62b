import { expect } from '@playwright/test';
import type { Stack } from '@roster/stack/stack';
import { readPostmasterPid } from '../src/database.ts';
import { clientOfGivenContract } from '../src/native-clients.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';

const test = testOnOwnStack(async () => ({ isDurable: true }));

const writers = 8;
const enough = 150;

/** Each ends at once and without a word; the test waits until the stack answers again. */
const deaths: Readonly<Record<string, (stack: Stack) => Promise<void>>> = {
  async 'the server'(stack) {
    await stack.servers[0]?.kill();
    await stack.servers[0]?.start();
  },
  async 'the proxy'(stack) {
    await stack.envoy.kill();
    await stack.envoy.start();
  },
  async 'the database'(stack) {
    process.kill(await readPostmasterPid(stack.databaseUrl), 'SIGKILL');
  },
};

for (const [what, die] of Object.entries(deaths)) {
  test(`1. every acknowledged write is there after a kill -9 of ${what} under load`, async ({
    stack,
    grpcAddress,
    token,
  }) => {
    test.slow();
    const client = clientOfGivenContract(grpcAddress, token);
    const prefix = `durable-${crypto.randomUUID().slice(0, 8)}`;
    const acknowledged: { readonly id: unknown; readonly name: string }[] = [];
    let isKilled = false;
    let sent = 0;
    async function write(): Promise<void> {
      while (!isKilled) {
        sent += 1;
        const person = { name: `Durable ${sent}`, email: `${prefix}-${sent}@example.org`, role: 'USER_ROLE_VIEWER' };
        try {
          const { user } = await client.unary('CreateUser', person);
          acknowledged.push({ id: idOf(user), name: person.name });
        } catch {
          return; // Not acknowledged: it may have happened or not.
        }
      }
    }
    const running = Array.from({ length: writers }, write);
    await expect.poll(() => acknowledged.length, { intervals: [10], timeout: 30_000 }).toBeGreaterThan(enough);
    await die(stack);
    isKilled = true;
    await Promise.all(running);
    expect(acknowledged.length, 'the load was cut, it did not end').toBeLessThan(sent);
    await expect
      .poll(() => client.unary('GetUser', { id: acknowledged[0]?.id }).catch(() => undefined), { timeout: 30_000 })
      .toBeDefined();

    const description = `${acknowledged.length} acknowledged before the kill`;
    test.info().annotations.push({ type: 'writes', description });
    for (const { id, name } of acknowledged)
      expect(await client.unary('GetUser', { id })).toMatchObject({ user: { name } });
    // What was under way is there once or not at all.
    const stored = new Set<unknown>();
    for (let pageToken = ''; ; ) {
      const page = await client.read('ListUsers', {
        filter: `email:"${prefix}-"`,
        page_size: 1000,
        page_token: pageToken,
      });
      for (const user of page.messages) {
        expect(stored, 'nobody is there twice').not.toContain(user['name']);
        stored.add(user['name']);
      }
      pageToken = page.trailers.get('x-next-page-token')[0]?.toString() ?? '';
      if (pageToken === '') break;
    }
    expect(stored.size).toBeLessThanOrEqual(acknowledged.length + writers);
    client.close();
  });
}

function idOf(user: unknown): unknown {
  return typeof user === 'object' && user !== null && 'id' in user ? user.id : undefined;
}
