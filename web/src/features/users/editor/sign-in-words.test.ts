import { SignInState } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { expect, test } from 'vitest';
import { signInWords } from './sign-in-words.ts';

test.each([
  [{}, 'Cannot sign in', false],
  [{ isInvited: true }, 'Invited, and not here yet', false],
  [{ hasPassword: true }, 'With a password', true],
  [{ hasPassword: true, isInvited: true }, 'With a password', true],
  [{ passkeyCount: 1 }, 'With 1 passkey', true],
  [{ hasPassword: true, passkeyCount: 2, hasOidc: true }, 'With a password, 2 passkeys and the provider', true],
])('%j reads “%s”', (state, words, canSignIn) => {
  expect(signInWords(SignInState.create(state))).toMatchObject({ words, canSignIn });
});
