import type { UnaryCall } from '@protobuf-ts/runtime-rpc';
import { isCancel } from './rpc-failure.ts';
import { toAppError } from './to-app-error.ts';

/** Waits for the answer to a unary call. Fails with an `AppError`; a call that its own caller ended fails as it is, for there is nothing to show. */
export async function answerOf<I extends object, O extends object>(call: UnaryCall<I, O>): Promise<O> {
  try {
    return await call.response;
  } catch (thrown) {
    throw isCancel(thrown) ? thrown : toAppError(thrown);
  }
}
