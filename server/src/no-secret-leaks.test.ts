import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MethodInfo } from '@protobuf-ts/runtime-rpc';
import { askAdmin } from '@roster/envoy/admin';
import {
  CreateLinkResponse,
  CredentialService,
  LinkPurpose,
  OpenLinkResponse,
} from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { HistoryService } from '@roster/proto/gen/roster/history/v1/history_service';
import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserResponse, UserService } from '@roster/proto/gen/userservice/v1/user_service';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { Database } from './database/database.ts';
import { createLink, hostMaker } from './identity/link-store.ts';
import { openMailCatcher } from './mail/testing/mail-catcher.ts';
import { findText } from './testing/find-text.ts';
import { startTestApp } from './testing/test-app.ts';
import { startTestEdge } from './testing/test-edge.ts';
import { callWeb, methodOf, type WebAnswer } from './testing/web-call.ts';

const [signIn, getSession] = ['SignInWithPassword', 'GetSession'].map((name) => methodOf(SessionService, name));
const [openLink, acceptLink, makeLink, changePassword, requestReset] = [
  'OpenLink',
  'AcceptLink',
  'CreateLink',
  'ChangePassword',
  'RequestPasswordReset',
].map((name) => methodOf(CredentialService, name));

/** Where the PostgreSQL of the tests writes its log. */
async function logOfPostgres(database: Database): Promise<string> {
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ data_directory: string }>('show data_directory'),
  );
  return join(row?.data_directory ?? '', '../postgres.log');
}

/** The forms in which a text could stand somewhere. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
}

/** The secrets that a text holds, by their names. */
function foundIn(text: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => text.includes(form)) ? [name] : [],
  );
}

test('27., 32., 36. no password, session, token, link or email that was planted stands in a log, an error, a metric or the store', {
  timeout: 120_000,
}, async () => {
  const catcher = await openMailCatcher();
  onTestFinished(() => catcher.close());
  const logLines: string[] = [];
  const app = await startTestApp({
    log: pino({ level: 'trace' }, { write: (line) => logLines.push(line) }),
    mail: { smtpUrl: catcher.url, from: 'roster@roster.example', publicUrl: 'https://roster.example' },
  });
  const edge = await startTestEdge(app);
  const failures: WebAnswer[] = [];
  const call = async (info: MethodInfo | undefined, input: object, headers: Record<string, string> = {}) => {
    if (!info) throw new Error('There is no such method.');
    const answer = await callWeb(edge, info, input, headers);
    if (answer.grpcStatus !== '0') failures.push(answer);
    return answer;
  };
  const ok = async (...args: Parameters<typeof call>) => {
    const answer = await call(...args);
    expect(answer.grpcStatus, args[0]?.name).toBe('0');
    return answer;
  };
  const cookieOf = ({ setCookies }: WebAnswer) => setCookies[0]?.split(';')[0] ?? '';
  const program = { authorization: `Bearer ${app.token.text}` };

  const planted = {
    adminPassword: 'admin canary pass phrase 2c68',
    firstPassword: 'first canary pass phrase 51c7',
    nextPassword: 'next canary pass phrase 90ab',
    wrongPassword: 'wrong canary pass phrase 3e44',
    shortPassword: 'canary-7d21',
    wrongLink: 'canaryLink_0000000000000000000000000000-8f2',
    wrongToken: 'ua_canaryTokenId_CanarySecretCanarySecretCanarySecretCanaryS0000000',
    wrongCookie: 'canaryCookie0000000000000000000000000000-8f',
    unknownEmail: 'canary-unknown-4411@people.example',
  };
  const email = 'canary-known-9a3f@people.example';

  // The store is set up by its link.
  const { secret: setupLink } = await app.database.transaction(undefined, (connection) =>
    createLink(connection, { purpose: LinkPurpose.SETUP, userId: undefined, maker: hostMaker }),
  );
  const { adminPassword } = planted;
  await ok(openLink, { secret: setupLink });
  await ok(acceptLink, { secret: setupLink, name: 'An Admin', email: 'admin@people.example', password: adminPassword });
  await call(acceptLink, { secret: setupLink, name: 'Eve', email: 'eve@people.example', password: adminPassword });

  // Somebody is invited, comes in, signs in again, changes their password, and fails in all ways.
  const created = await ok(
    methodOf(UserService, 'CreateUser'),
    { name: 'A Canary', email, role: UserRole.EDITOR },
    program,
  );
  const userId = CreateUserResponse.fromBinary(created.message ?? Buffer.alloc(0)).user?.id ?? '';
  const invited = await ok(makeLink, { userId, requestId: crypto.randomUUID() }, program);
  const link = CreateLinkResponse.fromBinary(invited.message ?? Buffer.alloc(0)).path.split('#')[1] ?? '';
  const opened = await ok(openLink, { secret: link });
  expect(OpenLinkResponse.fromBinary(opened.message ?? Buffer.alloc(0)).email).toBe(email);
  await call(acceptLink, { secret: link, password: planted.shortPassword });
  const first = cookieOf(await ok(acceptLink, { secret: link, password: planted.firstPassword }));
  await call(acceptLink, { secret: link, password: planted.firstPassword });
  await call(openLink, { secret: planted.wrongLink });
  await call(signIn, { email, password: planted.wrongPassword });
  await call(signIn, { email: planted.unknownEmail, password: planted.wrongPassword });
  const second = cookieOf(await ok(signIn, { email, password: planted.firstPassword }));
  await call(changePassword, { password: planted.shortPassword }, { cookie: second });
  await ok(changePassword, { password: planted.nextPassword }, { cookie: second });
  await call(getSession, {}, { cookie: first });
  await call(getSession, {}, { cookie: `${first.split('=')[0]}=${planted.wrongCookie}` });
  await call(getSession, {}, { authorization: `Bearer ${planted.wrongToken}` });
  await ok(requestReset, { email });
  await ok(requestReset, { email: planted.unknownEmail });
  await expect.poll(() => catcher.mails.length).toBe(2);
  const resetLink = /#([\w-]{43})/.exec(catcher.mails[1]?.text ?? '')?.[1] ?? '';
  await ok(methodOf(HistoryService, 'ListAccessEvents'), {}, program);

  // Somebody is to have the email of another.
  const other = await ok(
    methodOf(UserService, 'CreateUser'),
    { name: 'B', email: 'b@people.example', role: UserRole.VIEWER },
    program,
  );
  const otherId = CreateUserResponse.fromBinary(other.message ?? Buffer.alloc(0)).user?.id ?? '';
  const taken = await call(
    methodOf(UserService, 'UpdateUser'),
    { id: otherId, user: { email }, updateMask: { paths: ['email'] } },
    program,
  );
  expect(taken.grpcStatus).toBe('6');

  // And the server fails of itself, at rows that hold what is planted.
  await app.database.run(undefined, async (connection) => {
    await connection.query(`alter table passwords add constraint fails check (false) not valid`);
    await connection.query(`alter table users add constraint fails check (false) not valid`);
    await connection.query(`alter table sessions add constraint fails check (false) not valid`);
  });
  const [stored] = await app.database.run(undefined, (connection) =>
    connection.query<{ hash: string }>('select hash from passwords where user_id = $1', [userId]),
  );
  for (const answer of [
    await call(changePassword, { password: planted.firstPassword }, { cookie: second }),
    await call(signIn, { email, password: planted.nextPassword }),
    await call(acceptLink, { secret: resetLink, password: planted.firstPassword }),
    await call(
      methodOf(UserService, 'CreateUser'),
      { name: 'A', email: planted.unknownEmail, role: UserRole.VIEWER },
      program,
    ),
  ]) {
    expect(answer.grpcStatus).toBe('13');
  }

  const secrets = {
    ...planted,
    setupLink,
    link,
    resetLink,
    firstSession: first.split('=')[1] ?? '',
    secondSession: second.split('=')[1] ?? '',
    token: app.token.text,
    // Of the error text of PostgreSQL.
    passwordHash: stored?.hash ?? '',
    knownEmail: email,
  };
  for (const [name, secret] of Object.entries(secrets)) expect(secret.length, name).toBeGreaterThan(10);

  const log = logLines.join('');
  expect(log).toContain('/roster.sessions.v1.SessionService/SignInWithPassword');
  expect(log).toContain('call failed for an unknown cause');
  expect(log).toContain('violates check constraint');
  expect(foundIn(log, secrets), 'in the log').toEqual([]);

  const proxyLog = () => readFileSync(edge.envoy.logFile, 'utf8');
  await expect.poll(proxyLog).toContain('/userservice.v1.UserService/CreateUser');
  expect(foundIn(proxyLog(), secrets), 'in the log of the proxy').toEqual([]);

  const storeLog = readFileSync(await logOfPostgres(app.database), 'utf8');
  expect(storeLog).toContain('violates unique constraint');
  expect(storeLog).toContain('violates check constraint');
  expect(foundIn(storeLog, secrets), 'in the log of PostgreSQL').toEqual([]);

  const metrics = await app.app.registry.metrics();
  expect(metrics).toContain('SignInWithPassword');
  expect(foundIn(metrics, secrets), 'in the metrics').toEqual([]);
  const proxyMetrics = await askAdmin(edge.envoy.adminPort, '/stats/prometheus');
  expect(proxyMetrics).toContain('SignInWithPassword');
  expect(foundIn(proxyMetrics, secrets), 'in the metrics of the proxy').toEqual([]);

  expect(failures.length).toBeGreaterThan(10);
  expect(foundIn(failures.map(({ text }) => text).join('\n'), secrets), 'in the failures').toEqual([]);

  const { passwordHash, knownEmail, ...never } = secrets;
  for (const [name, secret] of Object.entries(never)) {
    for (const form of formsOf(secret)) expect(await findText(app.database, form), name).toEqual([]);
  }
  // The store knows its people, and nobody else does: neither the events around sign-in nor the links and attempts.
  expect(await findText(app.database, knownEmail)).toEqual(['changes', 'users']);
  expect(await findText(app.database, passwordHash)).toEqual(['passwords']);
});
