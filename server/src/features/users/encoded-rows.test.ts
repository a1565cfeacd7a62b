import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { type UserRow, userColumns, userFromRow } from '../../store/user-row.ts';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { bulkCreate, createOne, list, remove, restore, someone, sync, update } from './testing/user-calls.ts';

type StoredRow = UserRow & { readonly encoded: Buffer | null; readonly encoded_version: number | null };

function readRows({ database }: TestApp): Promise<StoredRow[]> {
  return database.run(undefined, (connection) =>
    connection.query<StoredRow>(`select ${userColumns}, u.encoded, u.encoded_version from users u`),
  );
}

const rich = {
  name: 'Zoë \u{1f98a}',
  role: UserRole.EDITOR,
  state: UserState.SUSPENDED,
  address: { street: '', city: 'Köln', state: '', country: 'DE', postalCode: '' },
  tags: ['vip', ''.padEnd(64, 'ü')],
  metadata: { team: 'core', empty: '', ['__proto__']: 'x' },
};

test('whatever wrote a row, the bytes that it keeps are the user of its columns', async () => {
  const app = await startTestApp();
  const { client } = app;
  const first = await createOne(client, rich);
  await createOne(client);
  await bulkCreate(client, [someone(rich), someone(), someone({ address: rich.address })]);
  await update(client, {
    id: first.id,
    user: { name: 'Other', metadata: {} },
    updateMask: { paths: ['name', 'metadata'] },
  });
  const gone = await createOne(client, rich);
  await remove(client, gone.id);
  const back = await createOne(client, rich);
  await remove(client, back.id);
  await restore(client, back.id);
  await sync(client, [
    { oneofKind: 'upsert', upsert: User.create({ name: 'New', email: 'new@example.org', role: 1 }) },
    { oneofKind: 'upsert', upsert: User.create({ id: first.id, tags: ['a'] }) },
  ]);
  const rows = await readRows(app);
  expect(rows).toHaveLength(8);
  for (const row of rows) {
    expect(row.encoded && User.fromBinary(row.encoded)).toEqual(userFromRow(row));
    expect(row.encoded_version).toBe(1);
  }
});

test('a row whose encoding is absent, of another version or outrun by its columns is read from its columns', async () => {
  const app = await startTestApp();
  const { client, database } = app;
  const users = [await createOne(client, rich), await createOne(client, rich), await createOne(client, rich)];
  const [first, second, third] = users.map(({ id }) => id);
  await database.run(undefined, async (connection) => {
    await connection.query('update users set encoded = null where id = $1', [first]);
    await connection.query(`update users set encoded = 'nonsense', encoded_version = 77 where id = $1`, [second]);
    // A statement that does not know of the encoding.
    await connection.query(`update users set name = 'Written otherwise' where id = $1`, [third]);
  });
  const expected = new Map(
    users.map((user) => [user.id, user.id === third ? { ...user, name: 'Written otherwise' } : user]),
  );
  for (const request of [{}, { skip: 1 }, { orderBy: 'email' }, { pageSize: 1 }]) {
    const page = await list(client, request);
    expect(page.users.length).toBeGreaterThan(0);
    for (const user of page.users) expect(user).toEqual(expected.get(user.id));
  }
});
