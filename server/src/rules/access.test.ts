import type { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { descriptorFiles } from '@roster/proto/gen/descriptors';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../rpc/read-failure.ts';
import { operator, startTestServer, userOf } from '../rpc/test-server.ts';
import { bareTransport, contractMethods, contractServices, failureOfMethod } from '../testing/contract-calls.ts';
import { createTestToken, openTestApp } from '../testing/test-app.ts';
import { browserHeaders, createPerson, type PersonFields } from '../testing/test-people.ts';
import { access, methodRules, scopes } from './access.ts';

const { ADMIN, EDITOR, VIEWER } = UserRole;
const named = (name: string) => [...contractMethods.keys()].filter((path) => path.endsWith(`/${name}`));
const paths = (names: string) => names.trim().split(/\s+/).flatMap(named).toSorted();
const pathsWhere = (is: (rule: ReturnType<typeof access.ruleOf> & object) => boolean) =>
  [...methodRules].flatMap(([path, rule]) => (is(rule) ? [path] : [])).toSorted();

describe('every method has an explicit rule', () => {
  test('28. the services of the contract are those that the descriptors hold', () => {
    const ours = descriptorFiles.flatMap(({ services }) => services).filter((name) => !name.startsWith('grpc.'));
    expect(contractServices.map(({ typeName }) => typeName).toSorted()).toEqual(ours.toSorted());
  });

  test('28. each method of the descriptors has a row, and no row is left of another', () => {
    expect([...methodRules].map(([path]) => path).toSorted()).toEqual([...contractMethods.keys()].toSorted());
  });

  test('28. a server with a method that has no row does not start', async () => {
    const forgotten = '/userservice.v1.UserService/DeleteUser';
    const ruleOf = (method: string) => (method === forgotten ? undefined : access.ruleOf(method));
    await expect(startTestServer({}, { access: { ...access, ruleOf } })).rejects.toThrow(
      `The access table has no row for ${forgotten}.`,
    );
  });

  test('28. a method without a row is refused to everybody', async () => {
    let isForgotten = false;
    const { client } = await startTestServer(
      { getUser: async ({ id }) => ({ user: userOf(id) }) },
      { access: { ...access, ruleOf: (method) => (isForgotten ? undefined : access.ruleOf(method)) } },
    );
    expect((await client.getUser({ id: 'ada' })).response.user?.id).toBe('ada');
    isForgotten = true;
    expect(await failureOf(client.getUser({ id: 'ada' }))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'ROLE_TOO_LOW',
    });
    expect(access.ruleOf('constructor')).toBeUndefined();
  });

  test('a caller whom nobody has authenticated is refused', async () => {
    const { client } = await startTestServer({}, { authenticate: () => undefined });
    expect((await failureOf(client.getUser({ id: '' }))).code).toBe('PERMISSION_DENIED');
  });

  test('a role that the server does not know may do nothing', async () => {
    const role: number = 99;
    const authenticate: Parameters<typeof startTestServer>[1] = {
      authenticate: (call) => {
        call.caller = { ...operator, role };
      },
    };
    const { client } = await startTestServer({}, authenticate);
    expect((await failureOf(client.getUser({ id: '' }))).reason).toBe('ROLE_TOO_LOW');
  });
});

/** Written down a second time, so that nobody opens a method by a slip of the table. */
describe('what the table says', () => {
  test('only these may be called by anybody', () => {
    expect(pathsWhere(({ isOpen }) => isOpen)).toEqual(
      paths(`GetSignInOptions SignInWithPassword BeginPasskeySignIn FinishPasskeySignIn BeginOidcSignIn FinishOidcSignIn
        OpenLink AcceptLink RequestPasswordReset`),
    );
  });

  test('a viewer may only read, and see to their own affairs', () => {
    expect(pathsWhere(({ isOpen, leastRole }) => !isOpen && leastRole === VIEWER)).toEqual(
      paths(`GetUser ListUsers GetSession
        ConfirmIdentity SignOut ListSessions EndSession EndOtherSessions
        ChangePassword BeginPasskeyRegistration FinishPasskeyRegistration ListPasskeys RenamePasskey DeletePasskey`),
    );
  });

  test('these need an admin', () => {
    expect(pathsWhere(({ leastRole }) => leastRole === ADMIN)).toEqual(
      paths('PurgeUser ListAccessEvents ListRefusals'),
    );
  });

  test('38. these ask a person for a fresh sign-in', () => {
    expect(pathsWhere(({ needsFreshSignIn }) => needsFreshSignIn)).toEqual(
      paths(
        `CreateToken CreateLink PurgeUser ChangePassword BeginPasskeyRegistration FinishPasskeyRegistration DeletePasskey`,
      ),
    );
  });

  test('no program may see to a person’s own affairs', () => {
    expect(pathsWhere(({ isOpen, scope }) => !isOpen && scope === undefined)).toEqual(
      paths(`ConfirmIdentity SignOut ListSessions EndSession EndOtherSessions
        ChangePassword BeginPasskeyRegistration FinishPasskeyRegistration ListPasskeys RenamePasskey DeletePasskey`),
    );
  });
});

type Rule = NonNullable<ReturnType<typeof access.ruleOf>>;
type Answer = 'NOT_SIGNED_IN' | 'ROLE_TOO_LOW' | 'SCOPE_MISSING' | 'FRESH_SIGN_IN_REQUIRED' | 'goes on to the handler';

/** A caller of one kind, made anew for each call: some calls end the session that makes them. */
interface CallerKind {
  readonly who: string;
  headers(): Promise<Record<string, string>>;
  answerBy(rule: Rule): Answer;
}

describe('who may call what, over the wire', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>;
  let transport: GrpcTransport;
  beforeAll(async () => {
    app = await openTestApp();
    transport = bareTransport(app.app.port);
  });
  afterAll(async () => {
    transport.close();
    await app.close();
  });

  const byRole = (role: UserRole, rule: Rule, answer: Answer): Answer =>
    access.includesRole(role, rule.leastRole) ? answer : 'ROLE_TOO_LOW';
  const isAsked = ({ needsFreshSignIn }: Rule): Answer =>
    needsFreshSignIn ? 'FRESH_SIGN_IN_REQUIRED' : 'goes on to the handler';

  function person(who: string, role: UserRole, fields: PersonFields, answer: (rule: Rule) => Answer): CallerKind {
    return {
      who,
      headers: async () =>
        browserHeaders(await createPerson(app.database, { role, ...fields }), `http://127.0.0.1:${app.app.port}`),
      answerBy: (rule) => byRole(role, rule, answer(rule)),
    };
  }

  function program(who: string, role: UserRole, has: readonly string[]): CallerKind {
    return {
      who,
      headers: async () => ({
        authorization: `Bearer ${(await createTestToken(app.database, { role, scopes: has })).text}`,
      }),
      answerBy: (rule) => {
        const mayCall = rule.scope !== undefined && has.includes(rule.scope);
        return byRole(role, rule, mayCall ? 'goes on to the handler' : 'SCOPE_MISSING');
      },
    };
  }

  function outsider(who: string, headers: () => Promise<Record<string, string>>): CallerKind {
    return { who, headers, answerBy: () => 'NOT_SIGNED_IN' };
  }

  const roles = [ADMIN, EDITOR, VIEWER];
  const callers: readonly CallerKind[] = [
    ...roles.map((role) => person(`a person, ${UserRole[role]}`, role, {}, () => 'goes on to the handler')),
    ...roles.map((role) => person(`a person, ${UserRole[role]}, not fresh`, role, { isFresh: false }, isAsked)),
    ...roles.map((role) => program(`a program, ${UserRole[role]}`, role, scopes)),
    ...scopes.map((scope) => program(`a program, ADMIN, ${scope} alone`, ADMIN, [scope])),
    outsider('nobody', async () => ({})),
    outsider('a suspended admin', async () => {
      const suspended = await createPerson(app.database, { role: ADMIN, state: 2 });
      return browserHeaders(suspended, `http://127.0.0.1:${app.app.port}`);
    }),
  ];

  test.each(callers)('29. $who', async ({ headers, answerBy }) => {
    const answers: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const [path, method] of contractMethods) {
      const rule = access.ruleOf(path);
      if (!rule) throw new Error(`${path} has no row.`);
      const failure = await failureOfMethod(transport, method, await headers());
      answers[path] = refusals.find((reason) => reason === failure?.reason) ?? 'goes on to the handler';
      // Nobody has to answer a method that is not served; then it would seem that all may call it.
      if (failure?.code === 'UNIMPLEMENTED') answers[path] = 'is not served';
      expected[path] = rule.isOpen ? 'goes on to the handler' : answerBy(rule);
    }
    expect(answers).toEqual(expected);
  });

  const refusals: readonly Answer[] = ['NOT_SIGNED_IN', 'ROLE_TOO_LOW', 'SCOPE_MISSING', 'FRESH_SIGN_IN_REQUIRED'];
});
