import { setTimeout as wait } from 'node:timers/promises';
import { RpcError, type UnaryCall } from '@protobuf-ts/runtime-rpc';
import { toAppError } from '@roster/web/src/rpc/to-app-error.ts';
import type { WriteOutcome } from './recording.ts';

/** How a call that did not reach the server is repeated, under the same request id. */
export interface Patience {
  readonly retries: number;
  readonly delayMs: (failures: number) => number;
  /** Whether a call that timed out is repeated too. */
  readonly repeatsTimeouts: boolean;
}

/** The console's own (`retryUnreachable`): what fails after it is seen by its user. */
export const consolePatience: Patience = {
  retries: 3,
  delayMs: (failures) => Math.random() * 2 ** failures * 1000,
  repeatsTimeouts: false,
};

/** Of somebody who waits out what the faults last, so that most writes come to an end. */
export const stubbornPatience: Patience = {
  retries: 12,
  delayMs: (failures) => Math.random() * Math.min(2000, 250 * 2 ** failures),
  repeatsTimeouts: true,
};

/** How a call came to an end. */
export interface End {
  readonly outcome: WriteOutcome;
  readonly revision?: number | undefined;
  readonly print?: string;
  readonly isIgnored?: boolean;
  readonly code: string;
  /** No answer came at all; its user would have seen an error. */
  readonly hasGivenUp?: boolean;
}

/** Calls until there is an answer that decides, or patience is out: then nobody knows whether it has happened. */
export async function untilAnswered<O extends object>(
  patience: Patience,
  call: () => UnaryCall<object, O>,
): Promise<End & { readonly response?: O }> {
  for (let attempts = 0; ; attempts += 1) {
    try {
      return { outcome: 'acknowledged', code: 'OK', response: await call().response };
    } catch (thrown) {
      const { kind } = toAppError(thrown);
      const code = thrown instanceof RpcError ? `${thrown.code}: ${thrown.message}` : String(thrown);
      const canRepeat = kind === 'unreachable' || (patience.repeatsTimeouts && kind === 'timeout');
      if (canRepeat && attempts < patience.retries) {
        await wait(patience.delayMs(attempts));
        continue;
      }
      const isOpen = kind === 'unreachable' || kind === 'timeout' || kind === 'fault';
      // After an attempt without an answer a refusal does not decide: that attempt may still be on its way.
      return { outcome: isOpen || attempts > 0 ? 'unknown' : 'failed', code, hasGivenUp: isOpen };
    }
  }
}
