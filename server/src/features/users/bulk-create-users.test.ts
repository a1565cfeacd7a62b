import { type User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { BulkCreateResponse, CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { frame, openRawCall } from '../../rpc/test-server.ts';
import { startTestApp } from '../../testing/test-app.ts';
import { describeStatus } from './testing/call-failure.ts';
import { bulkCreate, createOne, list, read, someone } from './testing/user-calls.ts';

const outside = (value: number): number => value;

test('of 5,000 rows the good ones are created, and each bad one is named with its reason, in order', async () => {
  const { client, database } = await startTestApp();
  const taken = await createOne(client, { email: 'taken@example.org' });
  const rows: CreateUserRequest[] = [];
  const expected: { index: number; name: string; reason: string }[] = [];
  const bad = (reason: string, fields: Parameters<typeof someone>[0], name: string) => {
    expected.push({ index: rows.length, name, reason });
    rows.push(someone(fields));
  };
  while (rows.length < 5000) {
    const at = rows.length;
    if (at % 100 === 20) bad('ROLE_UNKNOWN', { role: outside(99) }, `#${at}`);
    else if (at % 100 === 50 && at % 500 === 50) bad('EMAIL_TAKEN', { email: 'TAKEN@example.org' }, `#${at}`);
    else if (at % 100 === 50)
      bad('EMAIL_TAKEN', { email: rows[at - 49]?.email.toUpperCase() ?? '', requestId: uuid(at) }, uuid(at));
    else rows.push(someone());
  }
  bad('ID_TAKEN', { id: taken.id }, taken.id);
  const response = await bulkCreate(client, rows);
  expect(response.createdCount).toBe(rows.length - expected.length);
  expect(response.failedIds).toEqual(expected.map(({ name }) => name));
  expect(
    response.failures.map(({ index, status }, at) => ({
      index,
      name: response.failedIds[at],
      reason: describeStatus(status).reason,
    })),
  ).toEqual(expected);
  const [counts] = await database.run(undefined, (connection) =>
    connection.query('select (select count(*) from users) as users, (select count(*) from changes) as changes'),
  );
  expect(counts).toEqual({ users: response.createdCount + 1, changes: response.createdCount + 1 });
}, 60_000);

const uuid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

test('of rows in one batch with the same email or id the first wins', async () => {
  const { client } = await startTestApp();
  const id = crypto.randomUUID();
  const response = await bulkCreate(client, [
    someone({ name: 'First', id }),
    someone({ name: 'Second', id: id.toUpperCase() }),
    someone({ name: 'Third', email: 'a@example.org' }),
    someone({ name: 'Fourth', email: 'A@example.org' }),
  ]);
  expect(response.createdCount).toBe(2);
  expect(response.failedIds).toEqual([id.toUpperCase(), '#3']);
  expect(response.failures.map(({ status }) => describeStatus(status).violations)).toEqual([
    ['id ID_TAKEN'],
    ['email EMAIL_TAKEN'],
  ]);
  expect((await list(client, { orderBy: 'name' })).users.map(({ name }) => name)).toEqual(['First', 'Third']);
});

test('a row’s failure says every field at fault', async () => {
  const { client } = await startTestApp();
  const requestId = crypto.randomUUID();
  const { failures } = await bulkCreate(client, [
    someone({ name: '', email: 'x', requestId }),
    someone({ requestId: 'x' }),
  ]);
  expect(failures).toMatchObject([
    { index: 0, requestId },
    { index: 1, requestId: 'x' },
  ]);
  expect(describeStatus(failures[0]?.status)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['name REQUIRED', 'email EMAIL_INVALID'],
  });
  expect(describeStatus(failures[1]?.status).violations).toEqual(['request_id UUID_INVALID']);
});

test('a load without rows creates nobody', async () => {
  const { client } = await startTestApp();
  expect(await bulkCreate(client, [])).toEqual({ createdCount: 0, failedIds: [], failures: [] });
});

test('what a row holds is stored character for character', async () => {
  const { client } = await startTestApp();
  const fields = {
    name: '"\\ \u2028 🦊',
    role: UserRole.ADMIN,
    tags: ['{"', ','],
    metadata: { '\\"': '\\u0000' },
    id: crypto.randomUUID(),
  };
  await bulkCreate(client, [someone(fields)]);
  expect(await read(client, fields.id)).toMatchObject(fields);
});

test('two loads of the same users in opposite orders create each once', async () => {
  const { client } = await startTestApp();
  const rows = Array.from({ length: 900 }, () => someone());
  const answers = await Promise.all([bulkCreate(client, rows), bulkCreate(client, rows.toReversed())]);
  expect(answers.map(({ createdCount, failures }) => createdCount + failures.length)).toEqual([900, 900]);
  expect(answers.reduce((sum, { createdCount }) => sum + createdCount, 0)).toBe(900);
}, 30_000);

test('a caller who goes away leaves the committed batches, nothing of the rest, and a server that answers', async () => {
  const { client, database } = await startTestApp();
  const abort = new AbortController();
  const call = client.bulkCreateUsers({ abort: abort.signal });
  for (let index = 0; index < 1500; index += 1) await call.requests.send(someone());
  await expect.poll(() => countUsers(database), { timeout: 10_000 }).toBe(1000);
  abort.abort();
  await expect(call.response).rejects.toMatchObject({ code: 'CANCELLED' });
  const after: User = await createOne(client);
  expect((await list(client, { pageSize: 1 })).totalSize).toBe(1001);
  expect(await read(client, after.id)).toEqual(after);
});

async function countUsers(database: Awaited<ReturnType<typeof startTestApp>>['database']): Promise<number> {
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ count: number }>('select count(*) as count from users'),
  );
  return row?.count ?? 0;
}

test('a load of the largest rows is stored in small batches', async () => {
  const { client, database } = await startTestApp();
  const metadata = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`key-${index}`, 'v'.repeat(1024)]));
  const response = await bulkCreate(
    client,
    Array.from({ length: 150 }, () => someone({ metadata })),
  );
  expect(response.createdCount).toBe(150);
  const batches = await database.run(undefined, (connection) =>
    connection.query('select distinct xmin::text from users'),
  );
  expect(batches.length).toBeGreaterThan(1);
}, 30_000);

test('a row that cannot be read fails by its index, and the others are created', async () => {
  const { app, token } = await startTestApp();
  const { stream, status } = openRawCall(app.port, '/userservice.v1.UserService/BulkCreateUsers', {
    authorization: `Bearer ${token.text}`,
  });
  const received: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => received.push(chunk));
  stream.write(frame(CreateUserRequest.toBinary(someone())));
  stream.write(frame(Buffer.from('not protobuf')));
  stream.write(frame(CreateUserRequest.toBinary(someone())));
  stream.end();
  expect((await status)['grpc-status']).toBe('0');
  const response = BulkCreateResponse.fromBinary(Buffer.concat(received).subarray(5));
  expect(response).toMatchObject({ createdCount: 2, failedIds: ['#1'], failures: [{ index: 1, status: { code: 3 } }] });
});
