import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { failed } from '../features/users/testing/call-failure.ts';
import { setupLink } from '../host/recover-admin.ts';
import { openMailCatcher } from '../mail/testing/mail-catcher.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { openBrowser } from '../testing/test-browser.ts';
import { createPerson, type PersonFields, type TestPerson } from '../testing/test-people.ts';
import { createAuthenticator } from './testing/authenticator.ts';
import { registerPasskey } from './testing/register-passkey.ts';

const { ADMIN, EDITOR } = UserRole;
const linkedAt = 'https://login.example/realms/one';

/** What is set up, and whether people who are linked at `linkedAt` can sign in then. */
const settings = [
  { what: 'no provider is set up', issuer: undefined, counts: false },
  { what: 'another provider is set up', issuer: 'https://other.example', counts: false },
  { what: 'another realm of it is set up', issuer: 'https://login.example/realms/two', counts: false },
  { what: 'it is set up', issuer: linkedAt, counts: true },
];

async function start(issuer: string | undefined): Promise<TestApp> {
  const client = { clientId: 'roster', clientSecret: 'secret', name: 'The directory' };
  return startTestApp({ oidc: issuer === undefined ? undefined : { issuer: new URL(issuer), ...client } });
}

/** Somebody who signs in at the provider, and has nothing else. */
async function createLinked(database: Database, fields: PersonFields = {}): Promise<TestPerson> {
  const person = await createPerson(database, { canSignIn: false, ...fields });
  await database.run(undefined, (connection) =>
    connection.query(
      'insert into federated_identities (issuer, subject, user_id, linked_at, provider) values ($1, $2::text, $2::uuid, now(), $1)',
      [linkedAt, person.user.id],
    ),
  );
  return person;
}

const demote = ({ client }: TestApp, { user }: TestPerson) =>
  client.updateUser(UpdateUserRequest.create({ id: user.id, user: { role: EDITOR }, confirmSelf: true })).response;

const lastAdmin = { code: 'FAILED_PRECONDITION', preconditions: ['LAST_ADMIN'] };

describe.each(settings)('of people who sign in at a provider, while $what', ({ issuer, counts }) => {
  test(`7. an admin ${counts ? 'lets' : 'does not let'} the last one with a password go`, async () => {
    const app = await start(issuer);
    const ada = await createPerson(app.database, { role: ADMIN });
    await createLinked(app.database, { role: ADMIN });
    if (counts) expect((await demote(app, ada)).user?.role).toBe(EDITOR);
    else expect(await failed(demote(app, ada))).toMatchObject(lastAdmin);
  });

  test(`7. an admin who is the only one ${counts ? 'stays' : 'may go: they are none'}`, async () => {
    const app = await start(issuer);
    const linked = await createLinked(app.database, { role: ADMIN });
    const { needsSetup } = await new SessionServiceClient(openBrowser(app).transport).getSignInOptions({}).response;
    expect(needsSetup).toBe(!counts);
    if (counts) expect(await failed(demote(app, linked))).toMatchObject(lastAdmin);
    else expect((await demote(app, linked)).user?.role).toBe(EDITOR);
  });

  test(`the last passkey of one ${counts ? 'may go' : 'stays'}`, async () => {
    const app = await start(issuer);
    const browser = openBrowser(app, { cookie: (await createLinked(app.database)).cookie });
    const { passkey } = await registerPasskey(browser, createAuthenticator({ origin: browser.origin }));
    const removal = new CredentialServiceClient(browser.transport).deletePasskey({ id: passkey?.id ?? '' }).response;
    if (counts) expect(await removal).toEqual({});
    else expect(await failed(removal)).toMatchObject({ preconditions: ['LAST_CREDENTIAL'] });
  });

  test(`the link for one is ${counts ? 'a recovery' : 'an invitation'}`, async () => {
    const app = await start(issuer);
    const admin = await createPerson(app.database, { role: ADMIN });
    const { user } = await createLinked(app.database);
    const { transport } = openBrowser(app, { cookie: admin.cookie });
    const { purpose } = await new CredentialServiceClient(transport).createLink({ userId: user.id, requestId: '' })
      .response;
    expect(purpose).toBe(counts ? LinkPurpose.RECOVERY : LinkPurpose.INVITATION);
  });
});

test('who was linked at a provider that is no longer set up gets no mail to set a password', async () => {
  const catcher = await openMailCatcher();
  onTestFinished(() => catcher.close());
  const mail = { smtpUrl: catcher.url, from: 'roster@roster.example', publicUrl: 'https://roster.example' };
  const app = await startTestApp({ mail });
  const { user } = await createLinked(app.database);
  await new CredentialServiceClient(openBrowser(app).transport).requestPasswordReset({ email: user.email });
  // A server that has stopped has nothing more on its way.
  await app.app.stop();
  expect(catcher.mails).toEqual([]);
});

test('the host, which need not know what is set up, makes no first admin while anybody is linked anywhere', async () => {
  const app = await start(undefined);
  await createLinked(app.database, { role: ADMIN });
  expect(await setupLink(app.database, [])).toBeUndefined();
});
