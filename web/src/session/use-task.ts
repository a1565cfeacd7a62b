import { useCallback, useRef, useState } from 'react';
import { useCallGuard } from '../rpc/call-guard.ts';
import { isCancel } from '../rpc/rpc-failure.ts';

/** Something that a person starts and that takes a moment. */
export interface Task<Input extends readonly unknown[], Output> {
  readonly isRunning: boolean;
  /** What the last run threw; undefined while one runs. */
  readonly error: unknown;
  /** Starts unless it runs already. Settles with undefined where it did not start or did not succeed; never rejects. */
  start(...input: Input): Promise<Output | undefined>;
  forgetError(): void;
}

/**
 * Runs an action one at a time, through the session's guard. Unlike a mutation it keeps nothing of its input, which may be a password.
 */
export function useTask<Input extends readonly unknown[], Output>(
  run: (...input: Input) => Promise<Output>,
): Task<Input, Output> {
  const guard = useCallGuard();
  const isRunning = useRef(false);
  const [state, setState] = useState<{ readonly isRunning: boolean; readonly error: unknown }>(idle);

  async function start(...input: Input): Promise<Output | undefined> {
    if (isRunning.current) return undefined;
    isRunning.current = true;
    setState({ isRunning: true, error: undefined });
    try {
      const output = await guard(() => run(...input));
      setState(idle);
      return output;
    } catch (error) {
      setState({ isRunning: false, error: isCancel(error) ? undefined : error });
      return undefined;
    } finally {
      isRunning.current = false;
    }
  }

  return { ...state, start, forgetError: useCallback(() => setState((held) => ({ ...held, error: undefined })), []) };
}

const idle = { isRunning: false, error: undefined } as const;
