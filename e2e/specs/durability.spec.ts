import { expect } from '@playwright/test';
import { clientOfGivenContract } from '../src/native-clients.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';

const test = testOnOwnStack(async () => ({ isDurable: true }));

const writers = 8;
const enough = 150;

test('every acknowledged write is there after a kill -9 of the server under load', async ({ stack, grpcAddress }) => {
  test.slow();
  const client = clientOfGivenContract(grpcAddress);
  const acknowledged: { readonly id: unknown; readonly name: string }[] = [];
  let isKilled = false;
  let sent = 0;
  async function write(): Promise<void> {
    while (!isKilled) {
      sent += 1;
      const person = { name: `Durable ${sent}`, email: `durable-${sent}@example.org`, role: 'USER_ROLE_VIEWER' };
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
  await stack.servers[0]?.kill();
  isKilled = true;
  await Promise.all(running);
  await stack.servers[0]?.start();
  await expect
    .poll(() => client.unary('GetUser', { id: acknowledged[0]?.id }).catch(() => undefined), { timeout: 20_000 })
    .toBeDefined();

  test.info().annotations.push({ type: 'writes', description: `${acknowledged.length} acknowledged before the kill` });
  for (const { id, name } of acknowledged)
    expect(await client.unary('GetUser', { id })).toMatchObject({ user: { name } });
  // What was under way is there once or not at all.
  const { messages } = await client.read('ListUsers', { filter: 'email:"durable-"', page_size: 1000 });
  const names = messages.map((user) => user['name']);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeLessThanOrEqual(acknowledged.length + writers);
  client.close();
});

function idOf(user: unknown): unknown {
  return typeof user === 'object' && user !== null && 'id' in user ? user.id : undefined;
}
