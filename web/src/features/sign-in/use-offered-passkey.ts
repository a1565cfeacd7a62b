import { useEffect, useEffectEvent, useState } from 'react';
import { answerChallenge, offersPasskeys } from '../../lib/passkeys.ts';
import { useClients } from '../../rpc/clients.tsx';
import { beginPasskeySignIn, finishPasskeySignIn } from './sign-in-calls.ts';

/** A challenge is good for five minutes; a new one is asked for before. */
const renewMs = 4.5 * 60_000;

/**
 * Lets the browser offer passkeys where the email is filled in, while `isOn`. Returns whether somebody has picked one and the server is looking at it: then no
 * other way in may be begun, for of two sessions the second would end the first.
 *
 * Quiet where it cannot: the button and the password remain. `onFailed` is told of a passkey that the server did not accept, and of what `onSignedIn` throws.
 */
export function useOfferedPasskey(
  isOn: boolean,
  onSignedIn: () => Promise<void>,
  onFailed: (error: unknown) => void,
): boolean {
  const clients = useClients();
  const [round, setRound] = useState(0);
  const [isPicked, setPicked] = useState(false);
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
      const answer = await answerChallenge(challenge.optionsJson, abort.signal, true).catch(() => undefined);
      if (answer === undefined) return;
      setPicked(true);
      try {
        await finishPasskeySignIn(clients, challenge, answer);
        await signedIn();
      } catch (thrown) {
        failed(thrown);
        next();
      }
      setPicked(false);
    }
    void offer();
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [isOn, clients, round]);
  return isPicked;
}
