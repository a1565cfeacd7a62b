import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../../rpc/read-failure.ts';
import { openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser } from '../../testing/test-browser.ts';
import { createPerson, signInAgain, type TestPerson } from '../../testing/test-people.ts';

let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const notSignedIn = { code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN' };
const sessionsOf = (person: TestPerson) =>
  new SessionServiceClient(openBrowser(app, { cookie: person.cookie }).transport);
const idsOf = async (person: TestPerson) =>
  (await sessionsOf(person).listSessions({}).response).sessions.map(({ id }) => id);

/** The same person in three browsers, the first one first. */
async function createThree(): Promise<readonly [TestPerson, TestPerson, TestPerson]> {
  const first = await createPerson(app.database);
  return [first, await signInAgain(app.database, first), await signInAgain(app.database, first)];
}

test("a person sees their own sessions that are good now, the newest first, and nobody else's", async () => {
  const [first, second, third] = await createThree();
  await createThree();
  await app.database.run(undefined, (connection) =>
    connection.query(`update sessions set last_active_at = now() - interval '31 min' where id = $1`, [
      second.sessionId,
    ]),
  );
  const { sessions } = await sessionsOf(first).listSessions({}).response;
  expect(sessions.map(({ id, isCurrent }) => ({ id, isCurrent }))).toEqual([
    { id: third.sessionId, isCurrent: false },
    { id: first.sessionId, isCurrent: true },
  ]);
  expect(JSON.stringify(sessions)).not.toContain(first.cookie.split('=')[1]);
});

test('a person ends one of their sessions, and it is over; the others are not', async () => {
  const [first, second, third] = await createThree();
  await sessionsOf(first).endSession({ id: second.sessionId.toUpperCase() });
  expect(await failureOf(sessionsOf(second).getSession({}))).toMatchObject(notSignedIn);
  expect(await idsOf(first)).toEqual([third.sessionId, first.sessionId]);
});

test('whoever ends the session that they use is signed out', async () => {
  const [first] = await createThree();
  const browser = openBrowser(app, { cookie: first.cookie });
  await new SessionServiceClient(browser.transport).endSession({ id: first.sessionId });
  expect(browser.cookies.size).toBe(0);
  expect(await failureOf(sessionsOf(first).getSession({}))).toMatchObject(notSignedIn);
});

test("nobody ends, or finds out about, anybody else's session", async () => {
  const [mine] = await createThree();
  const [theirs] = await createThree();
  const failures = await Promise.all(
    [theirs.sessionId, '018f4e2c-7d3a-7c1e-9b54-2f6d8a9c0e11', ''].map((id) =>
      failureOf(sessionsOf(mine).endSession({ id })),
    ),
  );
  for (const failure of failures) expect(failure).toEqual(failures[0]);
  expect(failures[0]).toMatchObject({ code: 'NOT_FOUND', fields: ['id'] });
  expect(await failureOf(sessionsOf(mine).endSession({ id: 'x' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    fields: ['id'],
  });
  expect(await idsOf(theirs)).toContain(theirs.sessionId);
});

test('a person ends all their sessions but the one they use', async () => {
  const [first, second, third] = await createThree();
  expect((await sessionsOf(second).endOtherSessions({}).response).endedCount).toBe(2);
  for (const ended of [first, third])
    expect(await failureOf(sessionsOf(ended).getSession({}))).toMatchObject(notSignedIn);
  expect(await idsOf(second)).toEqual([second.sessionId]);
  expect((await sessionsOf(second).endOtherSessions({}).response).endedCount).toBe(0);
});

test('a program has no sessions', async () => {
  const client = new SessionServiceClient(app.transport);
  for (const call of [client.listSessions({}), client.endOtherSessions({}), client.signOut({})]) {
    expect(await failureOf(call)).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'SCOPE_MISSING' });
  }
});
