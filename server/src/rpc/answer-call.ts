import { AnsweredCall, type CallStream } from './answered-call.ts';
import { enter, type Interceptor, leave, type OnEnd } from './call.ts';
import { isUnreadable } from './decode-request.ts';
import type { LivePart } from './live-part.ts';
import { ResponseSink } from './response-sink.ts';
import { runLivePart, sendResponses } from './send-responses.ts';
import type { BoundMethod } from './service.ts';

export interface AnswerLimits {
  readonly blockedStreamMs: number;
  readonly requestMs: number;
}

/** Answers one call, of any kind, with exactly one status. Never rejects. */
export async function answerCall(
  stream: CallStream,
  method: BoundMethod,
  interceptors: readonly Interceptor[],
  limits: AnswerLimits,
): Promise<void> {
  const call = new AnsweredCall(stream, method);
  const sink = new ResponseSink(stream, limits.blockedStreamMs);
  const ends: OnEnd[] = [];
  let failure: unknown;
  try {
    await enter(interceptors, call, ends);
    const live = await respond(stream, method, call, sink, limits);
    if (live) await runLivePart(live, sink, call.signal);
  } catch (error) {
    failure = error ?? new Error('The call failed with nothing.');
  }
  sink.close();
  call.sendStatus(leave(ends, failure));
}

/** By itself, so that an open stream does not keep what its handler has begun with. */
async function respond(
  stream: CallStream,
  method: BoundMethod,
  call: AnsweredCall,
  sink: ResponseSink,
  limits: AnswerLimits,
): Promise<LivePart | undefined> {
  call.signal.throwIfAborted();
  const arrived = streamsRequests(method) ? () => undefined : call.lifetime.expectRequest(limits.requestMs);
  return sendResponses(method, readRequests(stream, arrived), call.context(), sink, () => call.sendHeaders());
}

/** The request messages, unreadable ones as the error that says why. Leaving the loop early keeps the call open. */
async function* readRequests(stream: CallStream, onEnd: () => void): AsyncGenerator<unknown> {
  for await (const request of stream.iterator({ destroyOnReturn: false })) {
    yield isUnreadable(request) ? request.unreadable : request;
  }
  onEnd();
}

function streamsRequests({ kind }: BoundMethod): boolean {
  return kind === 'clientStream' || kind === 'bidi';
}
