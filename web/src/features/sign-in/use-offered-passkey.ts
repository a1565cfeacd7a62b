import { useEffect, useEffectEvent, useState } from 'react';
import { offersPasskeys, PasskeyError } from '../../lib/passkeys.ts';
import { useClients } from '../../rpc/clients.tsx';
import { beginPasskeySignIn, signInWithPasskey } from './sign-in-calls.ts';

/** A challenge is good for five minutes; a new one is asked for before. */
const renewMs = 4.5 * 60_000;

/**
 * Lets the browser offer passkeys where the email is filled in, while `isOn`.
 *
 * Quiet where it cannot: the button and the password remain. `onFailed` is told of a passkey that the server did not accept, and of what `onSignedIn` throws.
 */
export function useOfferedPasskey(
  isOn: boolean,
  onSignedIn: () => Promise<void>,
  onFailed: (error: unknown) => void,
): void {
  const clients = useClients();
  const [round, setRound] = useState(0);
  const signedIn = useEffectEvent(onSignedIn);
  const failed = useEffectEvent(onFailed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round is a new offer
  useEffect(() => {
    if (!isOn) return undefined;
    const abort = new AbortController();
    const next = () => setRound((held) => held + 1);
    const timer = setTimeout(next, renewMs);
    async function offer(): Promise<void> {
      if (!(await offersPasskeys())) return;
      const challenge = await beginPasskeySignIn(clients).catch(() => undefined);
      if (!challenge || abort.signal.aborted) return;
      try {
        await signInWithPasskey(clients, challenge, abort.signal, true);
        if (!abort.signal.aborted) await signedIn();
      } catch (thrown) {
        if (abort.signal.aborted || thrown instanceof PasskeyError) return;
        failed(thrown);
        next();
      }
    }
    void offer();
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [isOn, clients, round]);
}
