import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RpcError, reasonOf } from '../rpc/rpc-error.ts';
import { createPasswordHasher } from './password-hasher.ts';

const hasher = createPasswordHasher({ atOnce: 2, waiting: 100 });
const password = 'staple battery horse correct';

test('36. passwords are hashed with argon2id at 19 MiB, two passes and one lane, each with a salt of its own', async () => {
  const [one, two] = await Promise.all([hasher.hash(password), hasher.hash(password)]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
});

test('a hash of another program is understood, and told to be made at other costs', async () => {
  // From the test vectors of the reference implementation of argon2.
  const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await hasher.verify('password', known)).toEqual({ matches: true, isOutdated: true });
  expect(await hasher.verify('Password', known)).toEqual({ matches: false, isOutdated: false });
});

test('a password is recognized in whatever Unicode form a keyboard sends it', async () => {
  const composed = 'caf\u00e9 \ufb01ne \u212bngstr\u00f6m';
  const hash = await hasher.hash(composed);
  expect(await hasher.verify('cafe\u0301 fine A\u030angstro\u0308m', hash)).toEqual({
    matches: true,
    isOutdated: false,
  });
  expect((await hasher.verify('cafe fine Angstrom', hash)).matches).toBe(false);
});

test.each([
  ['none', undefined],
  ['an empty one', ''],
  ['a cut one', '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXP'],
  ['one without its salt', '$argon2id$v=19$m=19456,t=2,p=1$$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
  ['one of another kind', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
])('no password matches where there is no hash that can be read: %s', async (_what, stored) => {
  for (const guess of ['', password]) {
    expect(await hasher.verify(guess, stored)).toEqual({ matches: false, isOutdated: false });
  }
});

test('a password of 100,000 characters is no guess, and its beginning does not match', async () => {
  const long = 'a'.repeat(256);
  const hash = await hasher.hash(long);
  expect((await hasher.verify(long, hash)).matches).toBe(true);
  expect((await hasher.verify(long.repeat(400), hash)).matches).toBe(false);
});

test('beyond what may wait, a hash is refused at once; those who wait get their turn', async () => {
  const { hash } = createPasswordHasher({ atOnce: 1, waiting: 2 });
  const first = [hash(password), hash(password), hash(password)];
  const [refused] = await Promise.allSettled([hash(password)]);
  expect(refused.status === 'rejected' && refused.reason).toBeInstanceOf(RpcError);
  expect(refused.status === 'rejected' && reasonOf(refused.reason)).toBe('SIGN_IN_BUSY');
  expect(await Promise.race([Promise.any(first), setImmediate('still hashing')])).toBe('still hashing');
  expect(new Set(await Promise.all(first)).size).toBe(3);
  expect(await hash(password)).toContain('argon2id');
});

test('whoever goes away while waiting makes room for another', async () => {
  const { hash } = createPasswordHasher({ atOnce: 1, waiting: 1 });
  const gone = new AbortController();
  const running = hash(password);
  const waiting = hash(password, gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(hash(password, gone.signal)).rejects.toThrow('gone');
  const next = hash(password);
  expect(await running).not.toBe(await next);
});
