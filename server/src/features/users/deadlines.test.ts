import { expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { createOne, list, read } from './testing/user-calls.ts';

/** Keeps everyone else from the table of users until it is let go. */
async function lockUsers({ database }: TestApp): Promise<() => Promise<void>> {
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = database.transaction(undefined, async (connection) => {
    await connection.query('lock table users in access exclusive mode');
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  return async () => {
    letGo.resolve();
    await holding;
  };
}

/** The statements that wait for the table: pages and users; the count of a list's total is shared and runs on in the background. */
const waiting = ({ database }: TestApp) =>
  database.run(undefined, (connection) =>
    connection.query(
      `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query not like '%count(*)%'`,
    ),
  );

test('a deadline of 100 ms ends a slow list with DEADLINE_EXCEEDED, and its SQL', async () => {
  const app = await startTestApp();
  const letGo = await lockUsers(app);
  const call = app.client.listUsers(
    {
      pageSize: 5,
      pageToken: '',
      filter: '',
      orderBy: '',
      skip: 0,
      showDeleted: false,
      watch: false,
      envelope: false,
      resumeToken: '',
    },
    { timeout: 100 },
  );
  await expect(call.status).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  await expect.poll(() => waiting(app)).toEqual([]);
  await letGo();
  expect((await list(app.client)).users).toEqual([]);
});

test('a caller who goes away ends the SQL of its call', async () => {
  const app = await startTestApp();
  const { id } = await createOne(app.client);
  const letGo = await lockUsers(app);
  const abort = new AbortController();
  const call = app.client.getUser({ id }, { abort: abort.signal });
  const cancelled = expect(call.response).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect.poll(() => waiting(app)).toHaveLength(1);
  abort.abort();
  await cancelled;
  await expect.poll(() => waiting(app)).toEqual([]);
  await letGo();
  expect((await read(app.client, id)).id).toBe(id);
});

test('a change whose deadline passes while it waits does not happen', async () => {
  const app = await startTestApp();
  const user = await createOne(app.client);
  const letGo = await lockUsers(app);
  const request = { id: user.id, baseRevision: 0, requestId: '', confirmSelf: false };
  await expect(app.client.deleteUser(request, { timeout: 100 }).response).rejects.toMatchObject({
    code: 'DEADLINE_EXCEEDED',
  });
  await expect.poll(() => waiting(app)).toEqual([]);
  await letGo();
  expect(await read(app.client, user.id)).toEqual(user);
});

test('when every connection is lost, calls fail as UNAVAILABLE or go well, and soon all go well', async () => {
  const app = await startTestApp();
  const { id } = await createOne(app.client);
  const calls: Promise<string>[] = [];
  const call = () =>
    app.client.getUser({ id }).response.then(
      () => 'OK',
      (error) => String(error.code),
    );
  for (let round = 0; round < 5; round += 1) {
    calls.push(...Array.from({ length: 20 }, call));
    await app.database.run(undefined, (connection) =>
      connection.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      ),
    );
  }
  const outcomes = new Set(await Promise.all(calls));
  outcomes.delete('UNAVAILABLE');
  expect([...outcomes].filter((outcome) => outcome !== 'OK')).toEqual([]);
  // A connection may be told late that its other end is gone.
  const create = () => createOne(app.client).then(() => 'OK', String);
  await expect.poll(() => Promise.all([...Array.from({ length: 20 }, call), create()])).toEqual(Array(21).fill('OK'));
});
