import type { AccessEvent, Refusal } from '@roster/proto/gen/roster/history/v1/history_service';
import type { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { hostActor } from '../../host/host-actor.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { createPerson, transportOf } from '../../testing/test-people.ts';
import { failed } from '../users/testing/call-failure.ts';
import { historyOf } from './testing/history-calls.ts';

/** As the sign-in writes it. */
async function record(app: TestApp, count: number, userId: string): Promise<void> {
  await app.database.transaction(undefined, async (connection) => {
    for (let index = 0; index < count; index += 1) {
      await recordAccess(connection, {
        kind: 'SIGNED_IN',
        actor: { ...hostActor, id: userId, name: 'Then' },
        address: '192.0.2.1',
        userId,
        device: 'Firefox',
        detail: `Number ${index}`,
        requestId: `r${index}`,
      });
    }
  });
}

async function walkEvents(client: HistoryServiceClient, userId = '', pageSize = 3): Promise<AccessEvent[]> {
  const events: AccessEvent[] = [];
  let pageToken = '';
  do {
    const { response } = await client.listAccessEvents({ pageSize, pageToken, userId });
    events.push(...response.events);
    pageToken = response.nextPageToken;
  } while (pageToken !== '');
  return events;
}

test('what happened around sign-in is listed, the newest first, of everybody or of one', async () => {
  const app = await startTestApp();
  const [ada, bob] = [
    await createPerson(app.database, { name: 'Ada' }),
    await createPerson(app.database, { name: 'Bob' }),
  ];
  await record(app, 5, ada.user.id);
  await record(app, 4, bob.user.id);
  const all = await walkEvents(historyOf(app));
  const ids = all.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  expect(all.map(({ userName }) => userName)).toEqual([
    ...'Bob '.repeat(4).trim().split(' '),
    ...'Ada '.repeat(5).trim().split(' '),
  ]);
  const adas = await walkEvents(historyOf(app), ada.user.id, 2);
  expect(adas.map(({ detail }) => detail)).toEqual(['Number 4', 'Number 3', 'Number 2', 'Number 1', 'Number 0']);
  expect(adas[0]).toMatchObject({
    kind: 'SIGNED_IN',
    actor: { id: ada.user.id, name: 'Then', address: '192.0.2.1', sessionId: '', tokenId: '' },
    userId: ada.user.id,
    device: 'Firefox',
  });
});

async function walkRefusals(client: HistoryServiceClient, pageSize: number): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  let pageToken = '';
  do {
    const { response } = await client.listRefusals({ pageSize, pageToken });
    refusals.push(...response.refusals);
    pageToken = response.nextPageToken;
  } while (pageToken !== '');
  return refusals;
}

test('refused calls are listed by minute, the newest first, each fold once', async () => {
  const app = await startTestApp();
  await app.database.run(undefined, (connection) =>
    connection.query(
      `insert into refusals (minute, caller_id, method, reason, caller, address, count, request_id)
       select date_trunc('minute', now()) - minute * interval '1 minute', 'caller-' || caller, '/m' || method, 'ROLE_TOO_LOW', 'Bob', '192.0.2.1', minute + 1, 'r'
       from generate_series(0, 2) as minute, generate_series(1, 3) as caller, generate_series(1, 2) as method`,
    ),
  );
  const walked = await walkRefusals(historyOf(app), 4);
  const keyOf = ({ minute, actor, method }: Refusal) => `${minute?.seconds} ${actor?.id} ${method}`;
  const keys = walked.map(keyOf);
  expect(keys).toHaveLength(18);
  expect(keys).toEqual([...new Set(keys)].sort().reverse());
  expect(walked[0]).toMatchObject({ count: 1, reason: 'ROLE_TOO_LOW', requestId: 'r', actor: { name: 'Bob' } });
});

test('a call that was refused to somebody is there for an admin, and an editor may not look', async () => {
  const app = await startTestApp();
  const viewer = await createPerson(app.database, { name: 'Vic' });
  const editor = await createPerson(app.database, { role: UserRole.EDITOR });
  const refused = historyOf({ transport: transportOf(viewer, app) }).getUserAsOf({
    userId: viewer.user.id,
    revision: 1,
  });
  expect(await failed(refused.response)).toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect
    .poll(() => walkRefusals(historyOf(app), 50))
    .toMatchObject([
      {
        actor: { id: viewer.user.id, name: 'Vic' },
        method: '/roster.history.v1.HistoryService/GetUserAsOf',
        reason: 'ROLE_TOO_LOW',
        count: 1,
      },
    ]);
  const asEditor = historyOf({ transport: transportOf(editor, app) });
  expect(await failed(asEditor.listRefusals({ pageSize: 0, pageToken: '' }).response)).toMatchObject({
    reason: 'ROLE_TOO_LOW',
  });
  expect(await failed(asEditor.listAccessEvents({ pageSize: 0, pageToken: '', userId: '' }).response)).toMatchObject({
    reason: 'ROLE_TOO_LOW',
  });
});

test('42. mistakes are named with their fields; tokens of one list are not good for another', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  const events = (request: object) =>
    failed(history.listAccessEvents({ pageSize: 0, pageToken: '', userId: '', ...request }).response);
  const refusals = (request: object) =>
    failed(history.listRefusals({ pageSize: 0, pageToken: '', ...request }).response);
  expect((await events({ pageSize: -1 })).violations).toEqual(['page_size OUT_OF_RANGE']);
  expect((await events({ userId: 'x' })).violations).toEqual(['user_id UUID_INVALID']);
  expect((await refusals({ pageSize: -1 })).violations).toEqual(['page_size OUT_OF_RANGE']);
  await record(app, 2, (await createPerson(app.database)).user.id);
  const { response } = await history.listAccessEvents({ pageSize: 1, pageToken: '', userId: '' });
  expect((await refusals({ pageToken: response.nextPageToken })).violations).toEqual(['page_token PAGE_TOKEN_INVALID']);
  const other = { pageToken: response.nextPageToken, userId: crypto.randomUUID() };
  expect((await events(other)).violations).toEqual(['page_token PAGE_TOKEN_OTHER_QUERY']);
});
