import { readFileSync } from 'node:fs';
import { configFile } from '@roster/envoy/run-envoy';
import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { expect, test } from 'vitest';
import { createPasswordPerson, goodPassword } from './testing/password-people.ts';
import { startTestApp } from './testing/test-app.ts';
import { startTestEdge } from './testing/test-edge.ts';
import { callWeb, methodOf } from './testing/web-call.ts';

const from = (address: string) => ({ 'x-forwarded-for': address });
const [beginPasskey, signIn, confirm, signOut] = [
  'BeginPasskeySignIn',
  'SignInWithPassword',
  'ConfirmIdentity',
  'SignOut',
].map((name) => methodOf(SessionService, name));

test('44. while one network floods the way in, others sign in, and whoever is signed in there confirms it and signs out', async () => {
  const app = await startTestApp();
  // No token comes back while the test runs: what is spent stays spent.
  const configText = readFileSync(configFile, 'utf8').replaceAll('fill_interval: 1s', 'fill_interval: 3600s');
  const edge = await startTestEdge(app, { trustedHops: 1, configText });
  const { user } = await createPasswordPerson(app.database);
  const call = (method: typeof signIn, input: object, headers: Record<string, string>) => {
    if (!method) throw new Error('There is no such method.');
    return callWeb(edge, method, input, headers);
  };
  const flood = Array.from({ length: 80 }, () => call(beginPasskey, {}, from('203.0.113.1')));
  expect((await Promise.all(flood)).map(({ httpStatus }) => httpStatus)).toContain(429);
  const password = { email: user.email, password: goodPassword };
  expect((await call(signIn, password, from('203.0.113.1'))).httpStatus).toBe(429);
  const entered = await call(signIn, password, from('198.51.100.1'));
  expect(entered.grpcStatus).toBe('0');
  const cookie = entered.setCookies[0]?.split(';')[0] ?? '';
  const confirmed = await call(confirm, { password: goodPassword }, { cookie, ...from('203.0.113.1') });
  expect(confirmed.grpcStatus).toBe('0');
  const renewed = confirmed.setCookies[0]?.split(';')[0] ?? '';
  expect((await call(signOut, {}, { cookie: renewed, ...from('203.0.113.1') })).grpcStatus).toBe('0');
});
