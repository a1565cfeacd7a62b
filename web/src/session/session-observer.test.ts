import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { UserService } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import type { CallEnd } from '../rpc/call-observer.ts';
import { reasonDetails } from '../rpc/testing/reason-details.ts';
import { createSessionObserver } from './session-observer.ts';

/** How often a call that ends so raises doubt. */
function doubtsAfter(code: string, reason: string, method = UserService.methods[0]): number {
  let doubts = 0;
  const observe = createSessionObserver({
    doubt() {
      doubts += 1;
    },
  });
  if (!method) throw new Error('There is no method.');
  const end: CallEnd = { code, message: '', metadata: reasonDetails(reason) };
  observe({ method, metadata: {}, message: new Uint8Array(), timeoutMs: undefined })?.ended(end);
  return doubts;
}

test.each([
  ['UNAUTHENTICATED', 'NOT_SIGNED_IN', 1],
  ['UNAUTHENTICATED', 'SIGN_IN_FAILED', 0],
  ['PERMISSION_DENIED', 'RIGHTS_CHANGED', 1],
  ['PERMISSION_DENIED', 'ROLE_TOO_LOW', 1],
  ['PERMISSION_DENIED', 'TARGET_ABOVE_ROLE', 1],
  ['PERMISSION_DENIED', 'FRESH_SIGN_IN_REQUIRED', 0],
  ['PERMISSION_DENIED', 'LINK_INVALID', 0],
  ['UNAVAILABLE', 'NOT_SIGNED_IN', 0],
  ['OK', '', 0],
])('a call that ends with %s, %s raises doubt %i times', (code, reason, times) => {
  expect(doubtsAfter(code, reason)).toBe(times);
});

test('the call that settles doubts raises none', () => {
  const getSession = SessionService.methods.find(({ name }) => name === 'GetSession');
  expect(doubtsAfter('UNAUTHENTICATED', 'NOT_SIGNED_IN', getSession)).toBe(0);
});
