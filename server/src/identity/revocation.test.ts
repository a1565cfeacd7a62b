import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import type { Connection, Database } from '../database/database.ts';
import { createOne } from '../features/users/testing/user-calls.ts';
import { type FeedClient, watch } from '../testing/feed-client.ts';
import { goodPassword } from '../testing/password-people.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { openBrowser } from '../testing/test-browser.ts';
import { clientOf, createPerson, signInAgain, type TestPerson, transportOf } from '../testing/test-people.ts';
import { revoke } from './revoke.ts';

/** Three servers over one store. */
async function startThree(): Promise<readonly [TestApp, TestApp, TestApp]> {
  const first = await startTestApp();
  const { databaseUrl, token } = first;
  return [first, await startTestApp({ databaseUrl, token }), await startTestApp({ databaseUrl, token })];
}

interface Cause {
  /** Ends the person's rights. */
  end(parts: { readonly apps: readonly TestApp[]; readonly person: TestPerson }): Promise<unknown>;
  /** The feed's entry that ends them. */
  readonly entry: string;
  readonly status: string;
}

const revocation = 'select seq from feed join revocations using (revision) order by seq desc limit 1';
const changeOf = 'select seq from feed join changes using (revision) where user_id = $1 order by seq desc limit 1';

const inTransaction = (database: Database, work: (connection: Connection) => Promise<unknown>) =>
  database.transaction(undefined, work);

const change = (app: TestApp | undefined, id: string, fields: object, path: string) =>
  app?.client.updateUser(UpdateUserRequest.create({ id, user: fields, updateMask: { paths: [path] } })).response;

const causes: Readonly<Record<string, Cause>> = {
  'signing out': {
    end: ({ apps: [app], person }) => sessions(person, app).signOut({}).response,
    entry: revocation,
    status: 'UNAUTHENTICATED',
  },
  'the end of a session by another one': {
    end: async ({ apps: [app], person }) =>
      sessions(await signInAgain(databaseOf(app), person), app).endSession({ id: person.sessionId }).response,
    entry: revocation,
    status: 'UNAUTHENTICATED',
  },
  'the end of all other sessions': {
    end: async ({ apps: [app], person }) =>
      sessions(await signInAgain(databaseOf(app), person), app).endOtherSessions({}).response,
    entry: revocation,
    status: 'UNAUTHENTICATED',
  },
  'a new password': {
    end: async ({ apps: [app], person }) =>
      credentials(await signInAgain(databaseOf(app), person), app).changePassword({ password: goodPassword }).response,
    entry: revocation,
    status: 'UNAUTHENTICATED',
  },
  'a recovery': {
    async end({ apps: [app, other], person }) {
      const admin = await createPerson(databaseOf(app), { role: UserRole.ADMIN });
      const { path } = await credentials(admin, app).createLink({ userId: person.user.id, requestId: '' }).response;
      const visitor = new CredentialServiceClient(openBrowser(known(other)).transport);
      const secret = path.split('#')[1] ?? '';
      return visitor.acceptLink({ secret, name: '', email: '', password: goodPassword }).response;
    },
    entry: revocation,
    status: 'UNAUTHENTICATED',
  },
  'a suspension': {
    end: ({ apps: [app], person }) => change(app, person.user.id, { state: UserState.SUSPENDED }, 'state') ?? never(),
    entry: changeOf,
    status: 'UNAUTHENTICATED',
  },
  'a demotion': {
    end: ({ apps: [, app], person }) => change(app, person.user.id, { role: UserRole.VIEWER }, 'role') ?? never(),
    entry: changeOf,
    status: 'PERMISSION_DENIED',
  },
  'a deletion': {
    end: ({ apps: [, , app], person }) =>
      app?.client.deleteUser({ id: person.user.id, baseRevision: 0, requestId: '', confirmSelf: false }).response ??
      never(),
    entry: changeOf,
    status: 'UNAUTHENTICATED',
  },
};

function never(): never {
  throw new Error('there is no such server');
}

const known = (app: TestApp | undefined): TestApp => app ?? never();
const databaseOf = (app: TestApp | undefined) => known(app).database;
const sessions = (person: TestPerson, app: TestApp | undefined) =>
  new SessionServiceClient(transportOf(person, known(app)));
const credentials = (person: TestPerson, app: TestApp | undefined) =>
  new CredentialServiceClient(transportOf(person, known(app)));

test.each(Object.entries(causes))(
  '30. %s ends every open stream on three servers, with no event at or behind its own position',
  { timeout: 30_000 },
  async (_, { end, entry, status }) => {
    const apps = await startThree();
    const [app] = apps;
    const person = await createPerson(app.database, { role: UserRole.EDITOR });
    const written = await createOne(app.client);
    const victims = apps.flatMap((one) => [open(clientOf(person, one)), open(clientOf(person, one))]);
    const witnesses = apps.map((one) => open(one.client));
    await Promise.all([...victims, ...witnesses].map((stream) => stream.first('end')));

    // Writes go on before, meanwhile and after, on all servers.
    let isDone = false;
    const writing = apps.map(async (one, writer) => {
      for (let round = 0; !isDone; round += 1)
        await change(one, written.id, { name: `Round ${writer}.${round}` }, 'name');
    });
    await expect.poll(() => Math.min(...witnesses.map(changesIn))).toBeGreaterThan(5);
    await end({ apps, person });
    expect(new Set(await Promise.all(victims.map((victim) => victim.ended)))).toEqual(new Set([status]));
    const behind = (await change(app, written.id, { name: 'Behind' }, 'name'))?.user ?? never();
    for (const witness of witnesses) await witness.until(() => Math.max(...revisionsIn(witness)) >= behind.revision);
    isDone = true;
    await Promise.all(writing);

    const { at, places } = await readFeed(app.database, entry, entry === changeOf ? [person.user.id] : []);
    const newest = (stream: FeedClient) =>
      Math.max(...revisionsIn(stream).map((revision) => places.get(revision) ?? 0));
    for (const victim of victims) expect(newest(victim)).toBeLessThan(at);
    for (const witness of witnesses) expect(newest(witness)).toBeGreaterThan(at);
  },
);

test('30. the end of a token ends its streams, and leaves those of another alone', async () => {
  const app = await startTestApp();
  const { token } = app;
  const person = await createPerson(app.database);
  const [streamOfToken, streamOfPerson] = [open(app.client), open(clientOf(person, app))];
  await Promise.all([streamOfToken.first('end'), streamOfPerson.first('end')]);
  await inTransaction(app.database, (connection) => revoke(connection, { tokenId: token.id }));
  expect(await streamOfToken.ended).toBe('UNAUTHENTICATED');
  const other = await createPerson(app.database);
  await streamOfPerson.until(() => streamOfPerson.rows.has(other.user.id));
});

test('30. the session that is spared stays when all others of its person end', async () => {
  const app = await startTestApp();
  const person = await createPerson(app.database);
  const elsewhere = await signInAgain(app.database, person);
  const [here, there] = [open(clientOf(person, app)), open(clientOf(elsewhere, app))];
  await Promise.all([here.first('end'), there.first('end')]);
  await inTransaction(app.database, (connection) =>
    revoke(connection, { userId: person.user.id, sparedSessionId: person.sessionId }),
  );
  expect(await there.ended).toBe('UNAUTHENTICATED');
  const other = await createPerson(app.database);
  await here.until(() => here.rows.has(other.user.id));
});

test('30. a stream that opens while its session ends never begins, or ends', async () => {
  const app = await startTestApp();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const person = await createPerson(app.database);
      const ending = inTransaction(app.database, (connection) => revoke(connection, { sessionId: person.sessionId }));
      const stream = open(clientOf(person, app));
      if (at % 2 === 0) await ending;
      const outcome = await stream.ended;
      await ending;
      return outcome;
    }),
  );
  expect(new Set(outcomes)).toEqual(new Set(['UNAUTHENTICATED']));
});

test('30. a session or token that has run out of time answers no more, and its streams end within a heartbeat', {
  timeout: 60_000,
}, async () => {
  const app = await startTestApp();
  const person = await createPerson(app.database);
  const streams = [open(clientOf(person, app)), open(app.client)];
  await Promise.all(streams.map((stream) => stream.first('end')));
  await app.database.run(undefined, (connection) =>
    connection.query(`update sessions set last_active_at = now() - interval '31 minutes' where id = $1`, [
      person.sessionId,
    ]),
  );
  await app.database.run(undefined, (connection) =>
    connection.query(`update api_tokens set expires_at = now() - interval '1 second' where id = $1`, [app.token.id]),
  );
  for (const client of [clientOf(person, app), app.client])
    await expect(client.getUser({ id: person.user.id }).response).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  for (const stream of streams) expect(await stream.ended).toBe('UNAUTHENTICATED');
});

test('a long upload of a caller whose rights end is cut off', async () => {
  const app = await startTestApp();
  const person = await createPerson(app.database, { role: UserRole.EDITOR });
  const call = clientOf(person, app).syncUsers();
  await call.requests.send({ action: { oneofKind: 'deleteId', deleteId: 'nobody' } });
  await call.responses[Symbol.asyncIterator]().next();
  await inTransaction(app.database, (connection) => revoke(connection, { sessionId: person.sessionId }));
  await expect(call.status).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

function open(client: Parameters<typeof watch>[0]): FeedClient {
  return watch(client);
}

function revisionsIn(stream: FeedClient): readonly number[] {
  return stream.events.flatMap((event) =>
    event.oneofKind === 'changes'
      ? [...event.changes.upserts, ...event.changes.removals].map(({ revision }) => revision)
      : [],
  );
}

function changesIn(stream: FeedClient): number {
  return stream.events.filter(({ oneofKind }) => oneofKind === 'changes').length;
}

/** Where the entry stands that ended the rights, and where each change does. */
async function readFeed(database: Database, entry: string, parameters: readonly unknown[]) {
  const [places, found] = await database.run(undefined, async (connection) => [
    await connection.query<{ seq: number; revision: number }>('select seq, revision from feed'),
    await connection.query<{ seq: number }>(entry, parameters),
  ]);
  return { at: found?.[0]?.seq ?? 0, places: new Map(places?.map(({ seq, revision }) => [revision ?? 0, seq])) };
}
