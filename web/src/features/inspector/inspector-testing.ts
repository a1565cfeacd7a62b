import type { IMessageType } from '@protobuf-ts/runtime';
import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import { UserService } from '@roster/proto/gen/userservice/v1/user_service';
import type { CallWatch } from '../../rpc/call-observer.ts';
import { createRecorder, type RecordedCall, type Recorder } from '../../rpc/recorder.ts';

export interface TestCall {
  readonly call: RecordedCall;
  readonly watch: CallWatch;
  readonly recorder: Recorder;
  /** Moves the recorder's clock. */
  pass(ms: number): void;
}

/** A call of a method, recorded as the transport would have it recorded. */
export function recordCall<T extends object>(
  name: string,
  type: IMessageType<T>,
  request: T,
  options: { readonly metadata?: RpcMetadata; readonly timeoutMs?: number } = {},
): TestCall {
  let time = Date.UTC(2026, 0, 1);
  const recorder = createRecorder({ now: () => time });
  const method = UserService.methods.find((each) => each.name === name);
  const message = type.toBinary(request);
  const { metadata = {}, timeoutMs } = options;
  const watch = method && recorder.observe({ method, metadata, message, timeoutMs });
  const [call] = recorder.calls();
  if (!watch || !call) throw new Error(`There is no method ${name}.`);
  return {
    call,
    watch,
    recorder,
    pass(ms) {
      time += ms;
    },
  };
}
