import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../database/database.ts';
import { revoke } from '../identity/revoke.ts';
import { createTestDatabase, createTestToken } from '../testing/test-app.ts';
import { createFeedStore, type FeedStore } from './feed-store.ts';
import type { Scope } from './scope.ts';

const admins: Scope = {
  key: 'admins',
  showsDeleted: false,
  filter: { kind: 'role', role: UserRole.ADMIN },
  matches: (user) => user.role === UserRole.ADMIN && !user.deletedAt,
  toSql: () => `u.deleted_at is null and u.role = ${UserRole.ADMIN}`,
};

async function openStore() {
  const database = createDatabase({
    url: await createTestDatabase(),
    password: undefined,
    maxConnections: 5,
    statementTimeoutMs: 20_000,
    onConnectionError: () => undefined,
  });
  onTestFinished(() => database.close());
  return { database, store: createFeedStore(database) };
}

type Database = Awaited<ReturnType<typeof openStore>>['database'];

/** Writes one user as a committed change that no sequencer has seen yet. */
async function commitUser(database: Database, id: string, role: UserRole, before?: User): Promise<User> {
  const after = User.create({ id, role });
  await database.transaction(undefined, async (connection) => {
    const [drawn] = await connection.query<{ revision: number }>(`select nextval('revision') as revision`);
    after.revision = drawn?.revision ?? 0;
    await connection.query(
      `insert into users (id, name, email, role, state, created_at, updated_at, revision, name_key, email_key, email_unique, search_key)
       values ($1, '', '', $2, 1, now(), now(), $3, '', '', $4, '') on conflict (id) do update set role = excluded.role`,
      [id, role, after.revision, id],
    );
    await connection.query(
      `insert into changes (revision, user_id, kind, paths, actor_id, actor, at, before, after)
       values ($1, $2, 'updated', '{}', 'test', 'test', now(), $3, $4)`,
      [after.revision, id, before ? Buffer.from(User.toBinary(before)) : null, Buffer.from(User.toBinary(after))],
    );
    await connection.query('insert into outbox values ($1)', [after.revision]);
  });
  return after;
}

const countAdmins = async (store: FeedStore) => {
  const { facets, seq } = await store.count(admins, new AbortController().signal);
  return { size: facets.total().size, seq };
};

test('a count belongs to its position: changes that are committed but have no place in the feed are not in it', async () => {
  const { database, store } = await openStore();
  const id = crypto.randomUUID();
  const ada = await commitUser(database, id, UserRole.ADMIN);
  expect(await countAdmins(store)).toEqual({ size: 0, seq: 0 });
  await store.advance(100);
  expect(await countAdmins(store)).toEqual({ size: 1, seq: 1 });
  await commitUser(database, id, UserRole.VIEWER, ada);
  expect(await countAdmins(store)).toEqual({ size: 1, seq: 1 });
  await store.advance(100);
  expect(await countAdmins(store)).toEqual({ size: 0, seq: 2 });
});

test('what is trimmed is gone from the feed, and the floor says so', async () => {
  const { database, store } = await openStore();
  for (let count = 0; count < 5; count += 1) await commitUser(database, crypto.randomUUID(), UserRole.ADMIN);
  expect(await store.advance(3)).toBe(3);
  expect(await store.advance(3)).toBe(2);
  await store.trim(2);
  expect(await store.readHead()).toEqual({ seq: 5, floor: 3 });
  expect((await store.readAfter(0, 10)).map((change) => change.seq)).toEqual([4, 5]);
});

test('the ends of tokens and sessions go with their positions, and the changes stay', async () => {
  const { database, store } = await openStore();
  const end = async () => {
    const { id } = await createTestToken(database);
    await database.transaction(undefined, (connection) => revoke(connection, { tokenId: id }));
  };
  await end();
  await commitUser(database, crypto.randomUUID(), UserRole.ADMIN);
  await end();
  await store.advance(10);
  await store.trim(1);
  const counts = await database.run(undefined, (connection) =>
    connection.query(
      'select (select count(*)::int from revocations) as ends, (select count(*)::int from changes) as changes',
    ),
  );
  expect(counts).toEqual([{ ends: 1, changes: 1 }]);
  expect((await store.readAfter(0, 10)).map(({ seq }) => seq)).toEqual([3]);
});
