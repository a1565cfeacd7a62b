import { expect, test } from 'vitest';
import { type Failure, failureOf } from '../rpc/read-failure.ts';
import { createPasswordPerson, from, goodPassword, sessionIn, signInWith } from '../testing/password-people.ts';
import { startTestApp } from '../testing/test-app.ts';
import { openBrowser } from '../testing/test-browser.ts';

const [office, elsewhere] = ['198.51.100.1', '203.0.113.1'];

test('35. a network whose guesses at others must wait keeps nobody out who is known there; that somebody is known is what it can find out', async () => {
  const app = await startTestApp();
  const known = (await createPasswordPerson(app.database)).user.email;
  const stranger = (await createPasswordPerson(app.database)).user.email;
  const signIn = (email: string, password: string, address: string) =>
    signInWith(openBrowser(app), email, password, from(address));
  const reasonOf = async (email: string): Promise<Failure['reason']> =>
    (await failureOf(signIn(email, 'a wrong horse battery staple', office))).reason;
  sessionIn(await signIn(known, goodPassword, office));
  sessionIn(await signIn(stranger, goodPassword, elsewhere));

  let guesses = 0;
  // The waits are longer each time, so that a test that is slow comes to one too.
  while ((await reasonOf(`nobody-${guesses}@somewhere.example`)) === 'SIGN_IN_FAILED') guesses += 1;
  await app.database.run(undefined, (connection) =>
    connection.query("update failed_attempts set wait_until = now() + interval '1 hour' where wait_until > at"),
  );

  expect(await reasonOf('nobody@somewhere.example')).toBe('TOO_MANY_ATTEMPTS');
  expect(await reasonOf(stranger), 'somebody of elsewhere looks like nobody').toBe('TOO_MANY_ATTEMPTS');
  expect(await reasonOf(known), 'docs/decisions/0016 says why this is so').toBe('SIGN_IN_FAILED');
  sessionIn(await signIn(known, goodPassword, office));
});
