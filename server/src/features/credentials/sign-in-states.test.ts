import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { UserState } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { createAuthenticator } from '../../identity/testing/authenticator.ts';
import { registerPasskey } from '../../identity/testing/register-passkey.ts';
import { failureOf } from '../../rpc/read-failure.ts';
import { createPasswordPerson, signInWith } from '../../testing/password-people.ts';
import { startTestApp } from '../../testing/test-app.ts';
import { openBrowser } from '../../testing/test-browser.ts';
import { createPerson } from '../../testing/test-people.ts';

test('it is told how people sign in, in the order in which they were asked for, and of those alone who exist', async () => {
  const app = await startTestApp();
  const client = new CredentialServiceClient(app.transport);
  const [invited, regular] = [
    await createPerson(app.database, { canSignIn: false }),
    await createPasswordPerson(app.database),
  ];
  await registerPasskey(
    openBrowser(app, { cookie: regular.cookie }),
    createAuthenticator({ origin: 'https://roster.example' }),
  );
  await client.createLink({ userId: invited.user.id, requestId: '' });
  const active = await createPasswordPerson(app.database);
  await signInWith(openBrowser(app), active.user.email);
  const asked = [regular.user.id, crypto.randomUUID(), invited.user.id, active.user.id];
  const { states } = await client.batchGetSignInStates({ userIds: asked }).response;
  const nothing = { hasPassword: false, passkeyCount: 0, hasOidc: false, isInvited: false, sessionCount: 1 };
  expect(
    states.map(({ lastSignedInAt, ...state }) => ({ ...state, hasSignedIn: lastSignedInAt !== undefined })),
  ).toEqual([
    { ...nothing, userId: regular.user.id, hasPassword: true, passkeyCount: 1, hasSignedIn: false },
    { ...nothing, userId: invited.user.id, isInvited: true, hasSignedIn: false },
    { ...nothing, userId: active.user.id, hasPassword: true, sessionCount: 2, hasSignedIn: true },
  ]);
});

test.each([
  ['has another address', { email: 'another@people.example' }, 'email'],
  ['is suspended', { state: UserState.SUSPENDED }, 'state'],
])('who %s since they were invited is not invited any more', async (_how, fields, path) => {
  const app = await startTestApp();
  const client = new CredentialServiceClient(app.transport);
  const { user } = await createPerson(app.database, { canSignIn: false });
  await client.createLink({ userId: user.id, requestId: '' });
  const isInvited = async () => {
    const { states } = await client.batchGetSignInStates({ userIds: [user.id] }).response;
    return states[0]?.isInvited;
  };
  expect(await isInvited()).toBe(true);
  await app.client.updateUser(UpdateUserRequest.create({ id: user.id, user: fields, updateMask: { paths: [path] } }));
  expect(await isInvited()).toBe(false);
});

test('at most a thousand are asked for at one time, by ids that can be ids', async () => {
  const app = await startTestApp();
  const client = new CredentialServiceClient(app.transport);
  const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());
  expect((await client.batchGetSignInStates({ userIds: ids(1000) }).response).states).toEqual([]);
  expect(await failureOf(client.batchGetSignInStates({ userIds: ids(1001) }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    fields: ['user_ids'],
  });
  expect(await failureOf(client.batchGetSignInStates({ userIds: [...ids(2), 'x'] }))).toMatchObject({
    fields: ['user_ids[2]'],
  });
});
