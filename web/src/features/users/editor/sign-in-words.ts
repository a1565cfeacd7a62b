import type { SignInState } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { countOf } from '../../../lib/format-number.ts';
import type { BadgeTone } from '../../../ui/chip.tsx';

/** Whether somebody can sign in, in a word or few. */
export interface SignInWords {
  readonly tone: BadgeTone;
  readonly words: string;
  /** They have something to sign in with. */
  readonly canSignIn: boolean;
}

export function signInWords(state: SignInState): SignInWords {
  const ways = [
    state.hasPassword && 'a password',
    state.passkeyCount > 0 && countOf(state.passkeyCount, 'passkey', 'passkeys'),
    state.hasOidc && 'the provider',
  ].filter((way) => way !== false);
  if (ways.length > 0) return { tone: 'good', words: `With ${listOf(ways)}`, canSignIn: true };
  if (state.isInvited) return { tone: 'plain', words: 'Invited, and not here yet', canSignIn: false };
  return { tone: 'plain', words: 'Cannot sign in', canSignIn: false };
}

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });

function listOf(ways: readonly string[]): string {
  return list.format(ways);
}
