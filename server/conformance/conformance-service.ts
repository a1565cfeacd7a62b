import { setTimeout as delay } from 'node:timers/promises';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import type { RpcCall } from '../src/rpc/call.ts';
import type { CallContext, StreamedRequest } from '../src/rpc/context.ts';
import { Code, RpcError } from '../src/rpc/rpc-error.ts';
import { type BoundService, bindService } from '../src/rpc/service.ts';
import {
  BidiStreamRequest,
  ClientStreamRequest,
  type Error as ConformanceError,
  type ConformancePayload,
  IdempotentUnaryRequest,
  ConformancePayload_RequestInfo as RequestInfo,
  ServerStreamRequest,
  type StreamResponseDefinition,
  UnaryRequest,
  type UnaryResponseDefinition,
} from './.cache/gen/connectrpc/conformance/v1/service';
import { conformanceServiceDefinition } from './.cache/gen/connectrpc/conformance/v1/service.grpc-server';

/** Answers as the requests say. `callOf` gives what an interceptor has seen of the call: handlers of ours know no foreign metadata. */
export function createConformanceService(callOf: (context: CallContext) => RpcCall): BoundService {
  async function answerOnce(
    definition: UnaryResponseDefinition | undefined,
    requests: readonly Any[],
    context: CallContext,
  ): Promise<{ payload: ConformancePayload }> {
    const call = callOf(context);
    announce(call, definition);
    await delay(definition?.responseDelayMs ?? 0, undefined, context);
    const requestInfo = infoOf(call, requests);
    const { response } = definition ?? {};
    if (response?.oneofKind === 'error') throw failureOf(response.error, requestInfo);
    const data = response?.oneofKind === 'responseData' ? response.responseData : new Uint8Array();
    return { payload: { data, requestInfo } };
  }

  return bindService(conformanceServiceDefinition, {
    async unimplemented() {
      throw new RpcError(Code.UNIMPLEMENTED, 'The suite asks for this.', []);
    },
    unary: (request, context) => answerOnce(request.responseDefinition, [Any.pack(request, UnaryRequest)], context),
    idempotentUnary: (request, context) =>
      answerOnce(request.responseDefinition, [Any.pack(request, IdempotentUnaryRequest)], context),
    async clientStream(requests, context) {
      const all: ClientStreamRequest[] = [];
      for await (const request of readable(requests)) all.push(request);
      const packed = all.map((request) => Any.pack(request, ClientStreamRequest));
      return answerOnce(all[0]?.responseDefinition, packed, context);
    },
    async *serverStream(request, context) {
      const call = callOf(context);
      announce(call, request.responseDefinition);
      const first = infoOf(call, [Any.pack(request, ServerStreamRequest)]);
      yield* responses(request.responseDefinition, 0, first, context);
    },
    async *bidiStream(requests, context) {
      const call = callOf(context);
      let first: BidiStreamRequest | undefined;
      let waiting: Any[] = [];
      let sent = 0;
      for await (const request of readable(requests)) {
        if (!first) announce(call, request.responseDefinition);
        first ??= request;
        waiting.push(Any.pack(request, BidiStreamRequest));
        if (!first.fullDuplex) continue;
        const data = first.responseDefinition?.responseData[sent];
        if (!data) break;
        const requestInfo = sent === 0 ? infoOf(call, waiting) : RequestInfo.create({ requests: waiting });
        await delay(first.responseDefinition?.responseDelayMs ?? 0, undefined, context);
        yield { payload: { data, requestInfo } };
        sent += 1;
        waiting = [];
      }
      yield* responses(first?.responseDefinition, sent, infoOf(call, waiting), context);
    },
  });
}

/** What is left of a stream's responses after the first `sent`, and its error. The very first response says what was requested; without one the error does. */
async function* responses(
  definition: StreamResponseDefinition | undefined,
  sent: number,
  requestInfo: RequestInfo,
  context: CallContext,
): AsyncGenerator<{ payload: ConformancePayload }> {
  const all = definition?.responseData ?? [];
  for (const [index, data] of all.entries()) {
    if (index < sent) continue;
    await delay(definition?.responseDelayMs ?? 0, undefined, context);
    yield { payload: index === 0 ? { data, requestInfo } : { data } };
  }
  if (definition?.error) throw failureOf(definition.error, all.length === 0 ? requestInfo : undefined);
}

function announce(call: RpcCall, definition: UnaryResponseDefinition | StreamResponseDefinition | undefined): void {
  for (const { name, value } of definition?.responseHeaders ?? [])
    for (const one of value) call.addHeader(name, toMetadata(name, one));
  for (const { name, value } of definition?.responseTrailers ?? [])
    for (const one of value) call.addTrailer(name, toMetadata(name, one));
}

/** The suite writes bytes as base64, as they travel. */
function toMetadata(name: string, value: string): string | Uint8Array {
  return name.endsWith('-bin') ? Buffer.from(value, 'base64') : value;
}

function infoOf(call: RpcCall, requests: readonly Any[]): RequestInfo {
  return RequestInfo.create({
    requestHeaders: Array.from(call.metadata(), ([name, values]) => ({
      name,
      value: values.map((one) => (typeof one === 'string' ? one : Buffer.from(one).toString('base64'))),
    })),
    ...(call.deadline && { timeoutMs: String(Math.max(0, call.deadline.getTime() - Date.now())) }),
    requests: [...requests],
  });
}

function failureOf({ code, message, details }: ConformanceError, requestInfo: RequestInfo | undefined): RpcError {
  const packed = requestInfo ? [Any.pack(requestInfo, RequestInfo)] : [];
  return new RpcError(Number(code), message ?? '', [...details, ...packed]);
}

async function* readable<I>(requests: AsyncIterable<StreamedRequest<I>>): AsyncGenerator<I> {
  for await (const request of requests) {
    if (request instanceof RpcError) throw request;
    yield request;
  }
}
