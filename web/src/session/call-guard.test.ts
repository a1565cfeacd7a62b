import { expect, test } from 'vitest';
import type { AppError } from '../rpc/app-error.ts';
import { createCallGuard } from './call-guard.ts';

const unconfirmed: AppError = { kind: 'unconfirmed', message: 'Confirm first that it is you.' };
const signedOut: AppError = { kind: 'signed-out', message: 'You are not signed in.' };
const rule: AppError = { kind: 'rule', reason: 'LAST_ADMIN', message: 'There must be an admin.' };

/** A call that fails so in turn, and then succeeds; and a person who answers all questions in the same way. */
function setup(failures: readonly AppError[], isWilling = true) {
  const asked: string[] = [];
  let calls = 0;
  const ask = (what: string) => async () => {
    asked.push(what);
    return isWilling;
  };
  const guard = createCallGuard({ signInAgain: ask('sign in'), confirm: ask('confirm') });
  const run = async () => {
    const failure = failures[calls];
    calls += 1;
    if (failure) throw failure;
    return 'done';
  };
  return { asked, guarded: () => guard(run), callCount: () => calls };
}

test('a call that is asked to confirm who it is repeats itself after that', async () => {
  const { guarded, asked, callCount } = setup([unconfirmed]);
  expect(await guarded()).toBe('done');
  expect([asked, callCount()]).toEqual([['confirm'], 2]);
});

test('a call without a session repeats itself after a sign-in, also if it is asked for more then', async () => {
  const { guarded, asked } = setup([signedOut, unconfirmed]);
  expect(await guarded()).toBe('done');
  expect(asked).toEqual(['sign in', 'confirm']);
});

test('who declines gets the call’s own failure, and it is not repeated', async () => {
  const { guarded, callCount } = setup([unconfirmed], false);
  await expect(guarded()).rejects.toBe(unconfirmed);
  expect(callCount()).toBe(1);
});

test('all other failures are the caller’s', async () => {
  const { guarded, asked } = setup([rule]);
  await expect(guarded()).rejects.toBe(rule);
  expect(asked).toEqual([]);
});

test('a server that is never content is not asked for ever', async () => {
  const { guarded, callCount } = setup(Array<AppError>(100).fill(unconfirmed));
  await expect(guarded()).rejects.toBe(unconfirmed);
  expect(callCount()).toBeLessThan(10);
});
