import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { watch } from '../testing/feed-client.ts';
import { startTestApp } from '../testing/test-app.ts';

test('totals that are counted while others write are exact when the writes stop', async () => {
  const { client, database } = await startTestApp();
  const roles = [UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER];
  const filters = ['', 'role = ADMIN', 'NOT role = ADMIN', 'name:a'];
  const watchers: { filter: string; feed: ReturnType<typeof watch> }[] = [];
  const writer = async (number: number) => {
    for (let turn = 0; turn < 20; turn += 1) {
      const request = CreateUserRequest.create({
        name: `${number} ${turn % 2 ? 'a' : 'b'}`,
        email: `${number}.${turn}@example.org`,
        role: roles[turn % 3] ?? 1,
      });
      const id = (await client.createUser(request).response).user?.id ?? '';
      const role = roles[(turn + 1) % 3] ?? 1;
      if (turn % 2)
        await client.updateUser(UpdateUserRequest.create({ id, user: { role }, updateMask: { paths: ['role'] } }))
          .response;
      if (turn % 5 === 0) await client.deleteUser({ id, baseRevision: 0, requestId: '', confirmSelf: false }).response;
      // Counts begin in the middle of the writes.
      if (turn % 6 === number % 6)
        watchers.push(...filters.map((filter) => ({ filter, feed: watch(client, { filter, pageSize: 1 }) })));
    }
  };
  await Promise.all(Array.from({ length: 6 }, (_, number) => writer(number)));
  const truth = async (filter: string) => {
    const conditions: Record<string, string> = {
      'role = ADMIN': 'role = 1',
      'NOT role = ADMIN': 'role <> 1',
      'name:a': `name_key like '%a%'`,
    };
    const [row] = await database.run(undefined, (connection) =>
      connection.query<{ size: number }>(
        `select count(*) as size from users where deleted_at is null and ${conditions[filter] ?? 'true'}`,
      ),
    );
    return row?.size;
  };
  expect(watchers.length).toBeGreaterThan(50);
  for (const { filter, feed } of watchers) {
    const size = await truth(filter);
    await expect.poll(() => feed.total, { timeout: 10_000 }).toBe(size);
  }
});
