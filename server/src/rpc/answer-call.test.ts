import { expect, test } from 'vitest';
import { startTestServer, userOf } from './test-server.ts';

test('a unary call answers with what its handler returns', async () => {
  const { client } = await startTestServer({ getUser: async ({ id }) => ({ user: userOf(id) }) });
  const { response, status } = await client.getUser({ id: 'ada' });
  expect(response.user?.id).toBe('ada');
  expect(status.code).toBe('OK');
});
