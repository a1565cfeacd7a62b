import { base64decode } from '@protobuf-ts/runtime';
import { RpcError, type RpcMetadata, type RpcTransport, stackIntercept } from '@protobuf-ts/runtime-rpc';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { statusCodes } from '../src/rpc/status-codes.ts';
import { createTransport } from '../src/rpc/transport.ts';
import {
  ClientCompatRequest,
  ClientCompatResponse,
  ClientResponseResult,
} from './.cache/gen/connectrpc/conformance/v1/client_compat';
import { StreamType } from './.cache/gen/connectrpc/conformance/v1/config';
import {
  Error as ConformanceError,
  type ConformancePayload,
  ConformanceService,
  type Header,
} from './.cache/gen/connectrpc/conformance/v1/service';

/** Makes the call that the runner asks for, on the console's transport. Takes and gives encoded messages, so that it can stand in a page of a browser. */
export async function performCall(encoded: Uint8Array): Promise<Uint8Array> {
  return ClientCompatResponse.toBinary(await answer(ClientCompatRequest.fromBinary(encoded)));
}

async function answer(request: ClientCompatRequest): Promise<ClientCompatResponse> {
  const { testName } = request;
  try {
    const response = await perform(request);
    return ClientCompatResponse.create({ testName, result: { oneofKind: 'response', response } });
  } catch (thrown) {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return ClientCompatResponse.create({ testName, result: { oneofKind: 'error', error: { message } } });
  }
}

async function perform(request: ClientCompatRequest): Promise<ClientResponseResult> {
  const transport = createTransport({
    baseUrl: `${request.serverTlsCert.length > 0 ? 'https' : 'http'}://${request.host}:${request.port}`,
    defaultTimeoutMs: Number.POSITIVE_INFINITY,
    // The suite's server answers any origin with `*`, which browsers take for calls without a cookie only.
    fetch: (input, init) => fetch(input, { ...init, credentials: 'omit' }),
  });
  const abort = new AbortController();
  const result = ClientResponseResult.create({});
  const call = startCall(transport, request, abort);
  try {
    if (request.requestDelayMs > 0) await new Promise((done) => setTimeout(done, request.requestDelayMs));
    const timing = request.cancel?.cancelTiming;
    if (timing?.oneofKind === 'afterCloseSendMs') setTimeout(() => abort.abort(), timing.afterCloseSendMs);
    else if (request.cancel && timing?.oneofKind !== 'afterNumResponses') setTimeout(() => abort.abort(), 0);
    const cancelAfter = timing?.oneofKind === 'afterNumResponses' ? timing.afterNumResponses : undefined;
    if (cancelAfter === 0) abort.abort();
    for await (const message of call.messages) {
      result.payloads.push(message.payload ?? { data: new Uint8Array(0) });
      if (result.payloads.length === cancelAfter) abort.abort();
    }
    result.responseTrailers = headersOf(await call.trailers);
  } catch (thrown) {
    if (!(thrown instanceof RpcError)) throw thrown;
    result.error = errorOf(thrown);
    result.responseTrailers = headersOf(thrown.meta);
  }
  result.responseHeaders = headersOf(await call.headers.catch(() => ({})));
  return result;
}

interface Call {
  readonly messages: AsyncIterable<{ readonly payload?: ConformancePayload }>;
  readonly headers: Promise<RpcMetadata>;
  readonly trailers: Promise<RpcMetadata>;
}

function startCall(transport: RpcTransport, request: ClientCompatRequest, abort: AbortController): Call {
  const method = ConformanceService.methods.find(({ name }) => name === request.method);
  const [packed] = request.requestMessages;
  if (!method || !packed) throw new Error(`No method ${request.method}`);
  const input = method.I.fromBinary(packed.value);
  const options = transport.mergeOptions({
    meta: Object.fromEntries(request.requestHeaders.map(({ name, value }) => [name, value])),
    abort: abort.signal,
    ...(request.timeoutMs === undefined ? {} : { timeout: request.timeoutMs }),
  });
  if (request.streamType === StreamType.SERVER_STREAM) {
    const call = stackIntercept('serverStreaming', transport, method, options, input);
    return { messages: call.responses, headers: call.headers, trailers: call.trailers };
  }
  const call = stackIntercept('unary', transport, method, options, input);
  return { messages: oneOf(call.response), headers: call.headers, trailers: call.trailers };
}

async function* oneOf(response: Promise<object>): AsyncGenerator<{ readonly payload?: ConformancePayload }> {
  yield await response;
}

function errorOf(error: RpcError): ConformanceError {
  const details = error.meta['grpc-status-details-bin'];
  const encoded = Array.isArray(details) ? details[0] : details;
  return ConformanceError.create({
    code: statusCodes.indexOf(error.code as (typeof statusCodes)[number]),
    message: error.message,
    details: encoded ? Status.fromBinary(base64decode(encoded)).details : [],
  });
}

function headersOf(metadata: RpcMetadata): Header[] {
  return Object.entries(metadata).map(([name, value]) => ({ name, value: [value].flat() }));
}
