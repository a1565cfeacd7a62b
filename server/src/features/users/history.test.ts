import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { SyncRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { bulkCreate, createOne, read, remove, restore, someone, sync, update } from './testing/user-calls.ts';

interface ChangeRow {
  readonly revision: number;
  readonly kind: string;
  readonly paths: string[];
  readonly actor_id: string;
  readonly actor: string;
  readonly role_before: number | null;
  readonly role_after: number;
  readonly before: Buffer | null;
  readonly after: Buffer;
  /** The transaction that wrote the row. */
  readonly xmin: string;
}

const changesOf = ({ database }: TestApp, id: string) =>
  database.run(undefined, (connection) =>
    connection.query<ChangeRow>('select *, xmin::text from changes where user_id = $1 order by revision', [id]),
  );

test('9. each change has one entry, with what was and what is, and who did it', async () => {
  const app = await startTestApp();
  const { token } = app;
  const created = await createOne(app.client, { metadata: { a: '1' } });
  const { id } = created;
  const edited = await update(app.client, { id, user: { role: UserRole.ADMIN, metadata: { b: '2' } } });
  await remove(app.client, id);
  const deleted = await read(app.client, id);
  const restored = await restore(app.client, id);
  const changes = await changesOf(app, id);
  expect(changes.map(({ kind, paths }) => [kind, paths])).toEqual([
    ['created', []],
    ['updated', ['role', 'metadata.a', 'metadata.b']],
    ['deleted', []],
    ['undeleted', []],
  ]);
  expect(changes.map(({ after }) => User.fromBinary(after))).toEqual([created, edited, deleted, restored]);
  expect(changes.map(({ before }) => before && User.fromBinary(before))).toEqual([null, created, edited, deleted]);
  expect(changes.map(({ revision }) => revision)).toEqual(
    [created, edited, deleted, restored].map((user) => user.revision),
  );
  expect(changes[1]).toMatchObject({
    actor_id: `token:${token.id}`,
    actor: 'A test',
    token_id: token.id,
    address: '127.0.0.1',
    role_before: UserRole.VIEWER,
    role_after: UserRole.ADMIN,
  });
});

test('9. a row and its entry are written by one transaction, in bulk and sync too', async () => {
  const app = await startTestApp();
  await createOne(app.client);
  await bulkCreate(app.client, [someone(), someone()]);
  await sync(app.client, [
    SyncRequest.create({
      action: {
        oneofKind: 'upsert',
        upsert: User.create({ name: 'S', email: 's@example.org', role: UserRole.VIEWER }),
      },
    }).action,
  ]);
  const rows = await app.database.run(undefined, (connection) =>
    connection.query(
      'select u.xmin = c.xmin as same, u.revision = c.revision as current from users u join changes c on c.user_id = u.id',
    ),
  );
  expect(rows).toEqual(Array.from({ length: 4 }, () => ({ same: true, current: true })));
});

test('a refused change has no entry', async () => {
  const app = await startTestApp();
  const { id } = await createOne(app.client);
  await update(app.client, { id, user: { role: 9 as number } }).catch(() => undefined);
  await update(app.client, { id, user: { name: 'B' }, baseRevision: 1 });
  expect(await changesOf(app, id)).toHaveLength(2);
});

test.each(['update changes set actor = null', `update changes set actor = 'Somebody else'`, 'delete from changes'])(
  'the history refuses “%s”',
  async (statement) => {
    const app = await startTestApp();
    const { id } = await createOne(app.client);
    const kept = await changesOf(app, id);
    await expect(app.database.transaction(undefined, (connection) => connection.query(statement))).rejects.toThrow(
      'insert-only',
    );
    expect(await changesOf(app, id)).toEqual(kept);
  },
);
