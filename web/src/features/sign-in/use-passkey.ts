import type { PasskeyChallenge } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { useEffect, useRef } from 'react';
import { useClients } from '../../rpc/clients.tsx';
import { type Task, useTask } from '../../session/use-task.ts';
import { beginPasskeySignIn, signInWithPasskey } from './sign-in-calls.ts';

/** Asks for a passkey: for a challenge that was begun, or for a new one. */
export type PasskeyTask = Task<[begun?: PasskeyChallenge], void> & {
  /** Takes the question back, so that the browser asks no more. */
  stop(): void;
};

/**
 * `onSignedIn`: the passkey was right, and the browser has a session; the one that it had, if the passkey `confirms` it. The question does not outlive the
 * component that asks.
 */
export function usePasskey(onSignedIn: () => Promise<void>, confirms = false): PasskeyTask {
  const clients = useClients();
  const asking = useRef<AbortController>(undefined);
  const task = useTask(async (begun?: PasskeyChallenge) => {
    const abort = new AbortController();
    asking.current = abort;
    try {
      await signInWithPasskey(clients, begun ?? (await beginPasskeySignIn(clients, confirms)), abort.signal);
    } catch (thrown) {
      if (abort.signal.aborted) return;
      throw thrown;
    }
    await onSignedIn();
  });
  useEffect(() => () => asking.current?.abort(), []);
  return { ...task, stop: () => asking.current?.abort() };
}
