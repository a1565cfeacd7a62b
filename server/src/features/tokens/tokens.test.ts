import type { CreateTokenRequest, Token } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { TokenServiceClient } from '@roster/proto/gen/roster/tokens/v1/token_service.client';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, DeleteUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { describe, expect, test } from 'vitest';
import { revoke } from '../../identity/revoke.ts';
import { failureOf } from '../../rpc/read-failure.ts';
import { watch } from '../../testing/feed-client.ts';
import { storeText } from '../../testing/store-text.ts';
import { createTestToken, startTestApp, type TestApp } from '../../testing/test-app.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { clientOf, createPerson, type TestPerson, transportOf, transportOfProgram } from '../../testing/test-people.ts';
import { untilSomebodyWaits } from '../../testing/until-somebody-waits.ts';

const { ADMIN, EDITOR, VIEWER } = UserRole;
const minute = 60_000;
const day = 24 * 60 * minute;
const allScopes = ['users.read', 'users.write', 'history.read', 'tokens', 'credentials'];
const notSignedIn = { code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN', message: 'You are not signed in.' };

const after = (ms: number) => ({ seconds: String(Math.floor((Date.now() + ms) / 1000)), nanos: 0 });
const wish = (fields: Partial<CreateTokenRequest> = {}): CreateTokenRequest => ({
  name: 'A program',
  role: EDITOR,
  scopes: ['users.read', 'users.write'],
  expiresAt: after(day),
  ...fields,
});
const tokensOf = (person: TestPerson, app: TestApp) => new TokenServiceClient(transportOf(person, app));
const program = (text: string, app: TestApp) => new UserServiceClient(transportOfProgram({ text }, app));
const programTokens = (text: string, app: TestApp) => new TokenServiceClient(transportOfProgram({ text }, app));

/** Makes a token as somebody would. */
async function make(client: TokenServiceClient, fields: Partial<CreateTokenRequest> = {}) {
  const { token, secret } = await client.createToken(wish(fields)).response;
  if (!token) throw new Error('The answer lacks the token.');
  return { token, secret };
}

const list = async (client: TokenServiceClient, showEnded = false): Promise<Token[]> =>
  (await client.listTokens({ showEnded }).response).tokens;
const idsOf = (tokens: readonly Token[]) => tokens.map(({ id }) => id);
const edit = (client: UserServiceClient, request: Parameters<typeof UpdateUserRequest.create>[0]) =>
  client.updateUser(UpdateUserRequest.create(request));

describe('a token', () => {
  test('37. is shown once, works, and is stored as a hash: nothing in the store holds it', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN, name: 'Ada' });
    const client = tokensOf(ada, app);
    const { token, secret } = await make(client, { name: ' A program ', scopes: ['users.write', 'users.read'] });
    expect(secret).toMatch(new RegExp(`^ua_${token.id}_[0-9A-Za-z]{49}$`));
    expect(token).toMatchObject({
      name: 'A program',
      role: EDITOR,
      scopes: ['users.read', 'users.write'],
      ownerId: ada.user.id,
      ownerName: 'Ada',
      lastUsedAddress: '',
    });
    expect(token.lastUsedAt).toBeUndefined();
    expect((await program(secret, app).getUser({ id: ada.user.id }).response).user?.name).toBe('Ada');
    const shown = JSON.stringify(await list(client, true));
    const stored = await storeText(app.database);
    for (const place of [shown, stored]) {
      expect(place).toContain(token.id);
      expect(place).not.toContain(secret.slice(`ua_${token.id}_`.length, -6));
    }
  });

  test('37. says when and from where it was last used, and every change says which token made it', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN, name: 'Ada' });
    const client = tokensOf(ada, app);
    const { token, secret } = await make(client, { name: 'Import', role: ADMIN });
    const before = Math.floor(Date.now() / 1000) - 1;
    await edit(program(secret, app), { id: ada.user.id, user: { tags: ['changed'] } });
    const [used] = await list(client);
    expect(used).toMatchObject({ id: token.id, lastUsedAddress: '127.0.0.1' });
    expect(Number(used?.lastUsedAt?.seconds)).toBeGreaterThanOrEqual(before);
    expect(
      await rowsOf(app, `select actor_id, actor, token_id, session_id, address from changes where kind = 'updated'`),
    ).toEqual([
      { actor_id: ada.user.id, actor: 'Ada (Import)', token_id: token.id, session_id: null, address: '127.0.0.1' },
    ]);
  });

  test('37. expires', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: EDITOR });
    const { token, secret } = await make(tokensOf(ada, app));
    await app.database.run(undefined, (connection) =>
      connection.query(`update api_tokens set expires_at = now() where id = $1`, [token.id]),
    );
    expect(await failureOf(program(secret, app).getUser({ id: ada.user.id }))).toMatchObject(notSignedIn);
    expect(idsOf(await list(tokensOf(ada, app)))).toEqual([]);
    expect(idsOf(await list(tokensOf(ada, app), true))).toEqual([token.id]);
  });

  test('37. does only what its scopes name', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN });
    const { secret } = await make(tokensOf(ada, app), { role: ADMIN, scopes: ['users.read'] });
    expect((await program(secret, app).getUser({ id: ada.user.id }).response).user?.id).toBe(ada.user.id);
    const failure = await failureOf(edit(program(secret, app), { id: ada.user.id, user: { name: 'X' } }));
    expect(failure).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'SCOPE_MISSING' });
  });

  test('9. is written down when it is made and when it ends, by whom and from where', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN, name: 'Ada' });
    const bob = await createPerson(app.database, { role: EDITOR, name: 'Bob' });
    const { token, secret } = await make(tokensOf(bob, app), { name: 'Import' });
    await tokensOf(ada, app).revokeToken({ id: token.id });
    await tokensOf(ada, app).revokeToken({ id: token.id });
    const events = await rowsOf(
      app,
      'select kind, actor, actor_id, session_id, user_id, address, detail from access_events',
    );
    const both = {
      address: '127.0.0.1',
      user_id: bob.user.id,
      detail: expect.stringContaining(`Import (${token.id})`),
    };
    expect(events).toEqual([
      { kind: 'TOKEN_CREATED', actor: 'Bob', actor_id: bob.user.id, session_id: bob.sessionId, ...both },
      { kind: 'TOKEN_REVOKED', actor: 'Ada', actor_id: ada.user.id, session_id: ada.sessionId, ...both },
    ]);
    expect(JSON.stringify(events)).not.toContain(secret.slice(-20));
  });
});

describe('what a token may be', () => {
  const bad: readonly (readonly [what: string, Partial<CreateTokenRequest>, field: string, reason: string])[] = [
    ['no name', { name: '' }, 'name', 'REQUIRED'],
    ['a name of spaces', { name: ' \u3000' }, 'name', 'REQUIRED'],
    ['a name of 61 characters', { name: 'n'.repeat(61) }, 'name', 'TOO_LONG'],
    ['a NUL in the name', { name: 'a\0b' }, 'name', 'CHARACTER_NOT_ALLOWED'],
    ['no role', { role: UserRole.UNSPECIFIED }, 'role', 'ROLE_UNKNOWN'],
    ['a role that there is not', { role: outside(99) }, 'role', 'ROLE_UNKNOWN'],
    ['no scope', { scopes: [] }, 'scopes', 'REQUIRED'],
    ['a scope that there is not', { scopes: ['users.read', 'users'] }, 'scopes', 'SCOPE_UNKNOWN'],
    ['a scope with a NUL', { scopes: ['users.read\0'] }, 'scopes', 'SCOPE_UNKNOWN'],
    ['an expiry in the past', { expiresAt: after(-day) }, 'expires_at', 'TOO_EARLY'],
    ['an expiry in half a minute', { expiresAt: after(30_000) }, 'expires_at', 'TOO_EARLY'],
    ['an expiry in 366 days and a minute', { expiresAt: after(366 * day + minute) }, 'expires_at', 'TOO_LATE'],
    [
      'an expiry at the end of time',
      { expiresAt: { seconds: '9223372036854775807', nanos: 0 } },
      'expires_at',
      'TOO_LATE',
    ],
    [
      'an expiry at the beginning',
      { expiresAt: { seconds: '-9223372036854775808', nanos: 0 } },
      'expires_at',
      'TOO_EARLY',
    ],
    ['an expiry that is no time', { expiresAt: { seconds: '1', nanos: 2_000_000_000 } }, 'expires_at', 'TOO_LATE'],
  ];

  test('whatever is wrong is said of its field, and nothing is made', async () => {
    const app = await startTestApp();
    const client = tokensOf(await createPerson(app.database, { role: ADMIN }), app);
    const answers = [];
    for (const [what, fields] of bad) {
      const { code, fields: at, reason } = await failureOf(client.createToken(wish(fields)));
      answers.push([what, code, at, reason]);
    }
    expect(answers).toEqual(bad.map(([what, , field, reason]) => [what, 'INVALID_ARGUMENT', [field], reason]));
    const { expiresAt: _, ...endless } = wish();
    expect(await failureOf(client.createToken(endless))).toMatchObject({ fields: ['expires_at'], reason: 'REQUIRED' });
    const nothing = { name: '', role: 0, scopes: [] };
    expect((await failureOf(client.createToken(nothing))).fields).toEqual(['name', 'role', 'scopes', 'expires_at']);
    expect(idsOf(await list(client))).toEqual([app.token.id]);
  });

  test('the limits themselves are good', async () => {
    const app = await startTestApp();
    const client = tokensOf(await createPerson(app.database, { role: ADMIN }), app);
    const long = await make(client, { name: '😀'.repeat(60), expiresAt: after(366 * day - 1000), scopes: allScopes });
    expect(long.token.scopes).toEqual(allScopes);
    const short = await make(client, {
      name: 'n',
      expiresAt: after(61_000),
      role: VIEWER,
      scopes: ['tokens', 'tokens'],
    });
    expect(short.token.scopes).toEqual(['tokens']);
  });

  test('the incident of Keycloak’s delegated admins: nobody makes a token with a higher role than their own', async () => {
    const app = await startTestApp();
    const editor = await createPerson(app.database, { role: EDITOR });
    const { secret } = await make(tokensOf(editor, app), { role: EDITOR, scopes: allScopes });
    for (const client of [tokensOf(editor, app), programTokens(secret, app)]) {
      const expiresAt = after(day - minute);
      expect(await failureOf(client.createToken(wish({ role: ADMIN, expiresAt })))).toMatchObject({
        code: 'PERMISSION_DENIED',
        reason: 'ROLE_ABOVE_OWN',
        fields: ['role'],
      });
    }
    expect(await list(tokensOf(editor, app))).toHaveLength(1);
  });

  test('a program gives no role, scope or life that it lacks itself, and what it makes belongs to its owner', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN });
    const own = { role: EDITOR, scopes: ['tokens', 'users.read'], expiresAt: after(day) };
    const client = programTokens((await make(tokensOf(ada, app), own)).secret, app);
    const denied = (reason: string, field: string) => ({ code: 'PERMISSION_DENIED', reason, fields: [field] });
    const beyond: readonly (readonly [Partial<CreateTokenRequest>, object])[] = [
      [{ ...own, role: ADMIN }, denied('ROLE_ABOVE_OWN', 'role')],
      [{ ...own, scopes: ['users.read', 'users.write'] }, denied('SCOPE_ABOVE_OWN', 'scopes')],
      [{ ...own, expiresAt: after(day + minute) }, denied('EXPIRY_ABOVE_OWN', 'expires_at')],
    ];
    for (const [fields, answer] of beyond)
      expect(await failureOf(client.createToken(wish(fields)))).toMatchObject(answer);
    const { token, secret } = await make(client, {
      ...own,
      scopes: ['users.read'],
      role: VIEWER,
      expiresAt: after(day - minute),
    });
    expect(token).toMatchObject({ ownerId: ada.user.id, role: VIEWER });
    expect((await program(secret, app).getUser({ id: ada.user.id }).response).user?.id).toBe(ada.user.id);
  });
});

describe('whose tokens one sees and ends', () => {
  test('the incident of other people’s lists: one’s own, and an admin all', async () => {
    const app = await startTestApp();
    const [ada, bob, eve] = await Promise.all(
      [ADMIN, EDITOR, EDITOR].map((role) => createPerson(app.database, { role })),
    );
    if (!ada || !bob || !eve) throw new Error('nobody');
    const ofBob = await make(tokensOf(bob, app), { scopes: allScopes });
    const ofEve = await make(tokensOf(eve, app));
    const hidden = { code: 'NOT_FOUND', fields: ['id'] };
    expect(idsOf(await list(tokensOf(bob, app)))).toEqual([ofBob.token.id]);
    expect(idsOf(await list(tokensOf(eve, app), true))).toEqual([ofEve.token.id]);
    expect(await failureOf(tokensOf(bob, app).revokeToken({ id: ofEve.token.id }))).toMatchObject(hidden);
    expect(await failureOf(programTokens(ofBob.secret, app).revokeToken({ id: ofEve.token.id }))).toMatchObject(hidden);
    expect(await failureOf(tokensOf(bob, app).revokeToken({ id: app.token.id }))).toMatchObject(hidden);
    expect(await failureOf(tokensOf(bob, app).revokeToken({ id: 'abcdefghijkl' }))).toMatchObject(hidden);
    expect((await program(ofEve.secret, app).getUser({ id: eve.user.id }).response).user?.id).toBe(eve.user.id);
    expect(idsOf(await list(tokensOf(ada, app))).toSorted()).toEqual(
      [app.token.id, ofBob.token.id, ofEve.token.id].toSorted(),
    );
    await tokensOf(ada, app).revokeToken({ id: ofEve.token.id });
    expect(await failureOf(program(ofEve.secret, app).getUser({ id: eve.user.id }))).toMatchObject(notSignedIn);
    expect((await program(ofBob.secret, app).getUser({ id: eve.user.id }).response).user?.id).toBe(eve.user.id);
  });

  test('a program that belongs to nobody, and is no admin, sees itself alone', async () => {
    const app = await startTestApp();
    const token = await createTestToken(app.database, { role: EDITOR });
    await createTestToken(app.database, { role: EDITOR });
    const client = programTokens(token.text, app);
    expect(idsOf(await list(client))).toEqual([token.id]);
    await client.revokeToken({ id: token.id });
    expect(await failureOf(client.listTokens({ showEnded: true }))).toMatchObject(notSignedIn);
  });

  test('what is no id of a token is said to be none', async () => {
    const app = await startTestApp();
    const client = new TokenServiceClient(app.transport);
    for (const [id, reason] of [
      ['', 'REQUIRED'],
      ['a\0cdefghijkl', 'ID_INVALID'],
      ["' or true --", 'ID_INVALID'],
    ] as const) {
      expect(await failureOf(client.revokeToken({ id }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        reason,
        fields: ['id'],
      });
    }
  });
});

describe('what ends a token', () => {
  test('the incident of deleting the wrong copy: a revoked token does nothing more, its streams end behind no later change, and nothing else ends', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN });
    const client = tokensOf(ada, app);
    const [gone, stays] = [await make(client), await make(client)];
    const watching = watch(program(gone.secret, app));
    const others = [watch(program(stays.secret, app)), watch(clientOf(ada, app))];
    for (const each of [watching, ...others]) await each.first('end');
    const { user: early } = await create(app, 'early');
    await watching.until(() => watching.rows.has(early));
    await client.revokeToken({ id: gone.token.id });
    const { user: late } = await create(app, 'late');
    expect(await watching.ended).toBe('UNAUTHENTICATED');
    expect(watching.rows.has(late)).toBe(false);
    for (const each of others) await each.until(() => each.rows.has(late));
    expect(await failureOf(program(gone.secret, app).getUser({ id: late }))).toMatchObject(notSignedIn);
    expect((await program(stays.secret, app).getUser({ id: late }).response).user?.name).toBe('late');
    expect((await clientOf(ada, app).getUser({ id: late }).response).user?.name).toBe('late');
    expect(idsOf(await list(client))).not.toContain(gone.token.id);
    const ended = (await list(client, true)).find(({ id }) => id === gone.token.id);
    expect(ended?.revokedAt).toBeDefined();
  });

  const endings: Readonly<Record<string, (app: TestApp, id: string) => PromiseLike<unknown>>> = {
    suspended: (app, id) => edit(app.client, { id, user: { state: UserState.SUSPENDED } }),
    deleted: (app, id) => app.client.deleteUser(DeleteUserRequest.create({ id })),
  };
  test.each(Object.entries(endings))(
    'the incident of deactivation: with its owner %s, a token is dead, and so are its streams',
    async (_what, end) => {
      const app = await startTestApp();
      const bob = await createPerson(app.database, { role: EDITOR });
      const { secret } = await make(tokensOf(bob, app), { scopes: allScopes });
      const watching = watch(program(secret, app));
      await watching.first('end');
      await end(app, bob.user.id);
      const { user: late } = await create(app, 'late');
      expect(await watching.ended).toBe('UNAUTHENTICATED');
      expect(watching.rows.has(late)).toBe(false);
      const { client } = app;
      const calls = [
        program(secret, app).getUser({ id: bob.user.id }),
        edit(program(secret, app), { id: late, user: { name: 'X' } }),
        programTokens(secret, app).createToken(wish({ scopes: ['users.read'] })),
        programTokens(secret, app).listTokens({ showEnded: false }),
        clientOf(bob, app).getUser({ id: bob.user.id }),
      ];
      for (const call of calls) expect(await failureOf(call)).toMatchObject(notSignedIn);
      expect((await client.getUser({ id: late }).response).user?.name).toBe('late');
    },
  );

  test('a token does never more than its owner may now', async () => {
    const app = await startTestApp();
    await createPerson(app.database, { role: ADMIN });
    const ada = await createPerson(app.database, { role: ADMIN });
    const { secret } = await make(tokensOf(ada, app), { role: ADMIN, scopes: allScopes });
    const newAdmin = () =>
      CreateUserRequest.create({ name: 'N', email: `${crypto.randomUUID()}@example.org`, role: ADMIN });
    const { client } = app;
    await program(secret, app).createUser(newAdmin());
    await edit(client, { id: ada.user.id, user: { role: EDITOR } });
    expect((await failureOf(program(secret, app).createUser(newAdmin()))).reason).toBe('ROLE_ABOVE_OWN');
    const higher = programTokens(secret, app).createToken(wish({ role: ADMIN }));
    expect((await failureOf(higher)).reason).toBe('ROLE_ABOVE_OWN');
    await edit(client, { id: ada.user.id, user: { role: VIEWER } });
    expect((await failureOf(program(secret, app).createUser(newAdmin()))).reason).toBe('ROLE_TOO_LOW');
    expect((await program(secret, app).getUser({ id: ada.user.id }).response).user?.role).toBe(VIEWER);
  });
});

describe('a token that made others takes them along', () => {
  const own = { role: EDITOR, scopes: ['tokens', 'users.read'] };

  /** A token that has made one that has made one, and another by the same person. */
  async function makeFamily(app: TestApp) {
    const ada = await createPerson(app.database, { role: ADMIN });
    const first = await make(tokensOf(ada, app), { ...own, expiresAt: after(day) });
    const second = await make(programTokens(first.secret, app), { ...own, expiresAt: after(day - minute) });
    const third = await make(programTokens(second.secret, app), { ...own, expiresAt: after(day - 2 * minute) });
    const other = await make(tokensOf(ada, app), own);
    return { ada, first, second, third, other };
  }

  test('37. revoked, with all their streams, behind no later change; what it did not make stays', async () => {
    const app = await startTestApp();
    const { ada, first, second, third, other } = await makeFamily(app);
    const dying = [first, second, third].map(({ secret }) => watch(program(secret, app)));
    const staying = watch(program(other.secret, app));
    for (const each of [...dying, staying]) await each.first('end');
    await tokensOf(ada, app).revokeToken({ id: first.token.id });
    const { user: late } = await create(app, 'late');
    for (const each of dying) {
      expect(await each.ended).toBe('UNAUTHENTICATED');
      expect(each.rows.has(late)).toBe(false);
    }
    await staying.until(() => staying.rows.has(late));
    for (const { secret } of [first, second, third])
      expect(await failureOf(program(secret, app).getUser({ id: late }))).toMatchObject(notSignedIn);
    const details = await rowsOf(app, `select detail from access_events where kind = 'TOKEN_REVOKED'`);
    expect(details).toEqual([{ detail: `A program (${first.token.id}), and 2 made by it` }]);
  });

  test('37. the end of one that was made leaves its maker alone', async () => {
    const app = await startTestApp();
    const { ada, first, second, third } = await makeFamily(app);
    await tokensOf(ada, app).revokeToken({ id: second.token.id });
    for (const { secret } of [second, third])
      expect(await failureOf(program(secret, app).getUser({ id: ada.user.id }))).toMatchObject(notSignedIn);
    expect((await program(first.secret, app).getUser({ id: ada.user.id }).response).user?.id).toBe(ada.user.id);
  });

  test('37. one that it is just making while it is revoked is not made, or ends with it', async () => {
    const app = await startTestApp();
    const { first, second } = await makeFamily(app);
    const { database } = await openTestDatabase({ url: app.databaseUrl });
    const minting = programTokens(second.secret, app);
    let made: PromiseLike<unknown> = Promise.resolve();
    await database.transaction(undefined, async (connection) => {
      await revoke(connection, { tokenId: first.token.id });
      made = minting.createToken(wish({ ...own, expiresAt: after(minute * 5) })).response;
      await untilSomebodyWaits(connection);
    });
    expect(await failureOf(made)).toMatchObject(notSignedIn);
  });

  test('37. of tokens that make others and are revoked at one time none is left', async () => {
    const app = await startTestApp();
    for (let round = 0; round < 10; round += 1) {
      const { ada, first, second } = await makeFamily(app);
      const makers = [first, second, first, second, first, second];
      const making = makers.map(({ secret }) =>
        programTokens(secret, app).createToken(wish({ ...own, expiresAt: after(minute * 5) })),
      );
      await Promise.allSettled([...making, tokensOf(ada, app).revokeToken({ id: first.token.id })]);
      const left = 'select from api_tokens where parent_id is not null and revoked_at is null';
      expect(await rowsOf(app, left)).toEqual([]);
    }
  });
});

describe('the incident of the truncated token', () => {
  test('a token that was cut, lengthened, re-cased, mixed or dressed up is none, and nobody is told why', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN });
    const { secret, token } = await make(tokensOf(ada, app));
    const other = await make(tokensOf(ada, app));
    const { client } = app;
    const swapped = (text: string) =>
      [...text]
        .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
        .join('');
    const altered = [
      ...Array.from(secret, (_, length) => secret.slice(0, length)),
      ...Array.from(secret, (_, start) => secret.slice(start + 1)),
      ...Array.from(
        secret,
        (letter, at) => `${secret.slice(0, at)}${letter === 'a' ? 'b' : 'a'}${secret.slice(at + 1)}`,
      ),
      ...['a', '0', '=', '.', '_', ' x', ',', `,${secret}`, ` ${secret}`].map((tail) => `${secret}${tail}`),
      ...['a', ' a', '_', `${secret},`].map((head) => `${head}${secret}`),
      secret.toLowerCase(),
      secret.toUpperCase(),
      swapped(secret),
      `UA${secret.slice(2)}`,
      `ua_${other.token.id}_${secret.slice(`ua_${token.id}_`.length)}`,
      `ua_${token.id}_${other.secret.slice(`ua_${token.id}_`.length)}`,
      secret.slice(0, -6),
      token.id,
      Buffer.from(secret).toString('base64'),
      encodeURIComponent('%00'),
      '*',
      'null',
      'x'.repeat(4000),
    ];
    for (const text of altered) {
      expect([text, await failureOf(program(text, app).getUser({ id: ada.user.id }))]).toEqual([
        text,
        expect.objectContaining({ ...notSignedIn, fields: [], info: {} }),
      ]);
    }
    expect((await client.getUser({ id: ada.user.id }).response).user?.id).toBe(ada.user.id);
    expect((await program(secret, app).getUser({ id: ada.user.id }).response).user?.id).toBe(ada.user.id);
  });

  test('only Bearer leads a token, once, and beside a session it is none', async () => {
    const app = await startTestApp();
    const ada = await createPerson(app.database, { role: ADMIN });
    const { secret } = await make(tokensOf(ada, app), { role: VIEWER, scopes: ['users.read'] });
    const call = (meta: Record<string, string>) =>
      new UserServiceClient(app.transport).getUser({ id: ada.user.id }, { meta: { ...meta } });
    for (const authorization of [
      secret,
      `Basic ${secret}`,
      `Bearer  ${secret} x`,
      'Bearer',
      'Bearer ',
      `Token ${secret}`,
    ]) {
      expect(await failureOf(call({ authorization }))).toMatchObject(notSignedIn);
    }
    const session = { cookie: ada.cookie, 'x-grpc-web': '1', origin: `http://127.0.0.1:${app.app.port}` };
    expect(await failureOf(call({ authorization: 'Bearer ua_x', ...session }))).toMatchObject(notSignedIn);
    expect(await failureOf(call({ authorization: `Bearer ${secret}`, ...session }))).toMatchObject(notSignedIn);
    const { response } = await call({ authorization: `Bearer ${secret}` });
    expect(response.user?.id).toBe(ada.user.id);
  });
});

/** A value that the enum does not have. */
function outside(value: number): number {
  return value;
}

async function create({ client }: TestApp, name: string): Promise<{ user: string }> {
  const email = `${crypto.randomUUID()}@example.org`;
  const { user } = await client.createUser(CreateUserRequest.create({ name, email, role: VIEWER })).response;
  return { user: user?.id ?? '' };
}

function rowsOf({ database }: TestApp, query: string): Promise<object[]> {
  return database.run(undefined, (connection) => connection.query(query));
}
