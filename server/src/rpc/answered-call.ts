import type { Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import type { Method, RpcCall } from './call.ts';
import { anonymous, type CallContext, type Caller } from './context.ts';
import { Lifetime } from './lifetime.ts';
import { UnpaddedMetadata } from './metadata.ts';
import type { RpcError } from './rpc-error.ts';
import { toStatusObject } from './status.ts';

export type CallStream = ServerDuplexStream<unknown, Buffer>;

/** The call that a grpc-js stream brings. There is one for as long as the stream is open, so it holds little. */
export class AnsweredCall implements RpcCall {
  readonly method: Method;
  readonly lifetime: Lifetime;
  requestId = '';
  address = '';
  caller: Caller | undefined = undefined;
  readonly #stream: CallStream;
  readonly #headers = new UnpaddedMetadata();
  #trailers: Metadata | undefined = undefined;
  #hasSentHeaders = false;

  constructor(stream: CallStream, { path, kind }: Method) {
    this.#stream = stream;
    this.method = { path, kind };
    this.lifetime = new Lifetime(stream);
  }

  get signal(): AbortSignal {
    return this.lifetime.signal;
  }

  get deadline(): Date | undefined {
    return this.lifetime.deadline;
  }

  get peer(): string {
    return this.#stream.getPeer();
  }

  get host(): string {
    return this.#stream.getHost() ?? '';
  }

  end(error: RpcError): void {
    this.lifetime.abort(error);
  }

  header(name: string): string | undefined {
    const values = this.#stream.metadata.get(name).filter((value) => typeof value === 'string');
    return values.length > 0 ? values.join(name === 'cookie' ? '; ' : ', ') : undefined;
  }

  metadata(): Iterable<readonly [name: string, values: readonly (string | Uint8Array)[]]> {
    const { metadata } = this.#stream;
    return Object.keys(metadata.getMap()).map((name) => [name, metadata.get(name)] as const);
  }

  setHeader(name: string, value: string): void {
    this.#headers.set(name, value);
  }

  addHeader(name: string, value: string | Uint8Array): void {
    this.#headers.add(name, metadataValue(value));
  }

  setTrailer(name: string, value: string): void {
    this.#openTrailers().set(name, value);
  }

  addTrailer(name: string, value: string | Uint8Array): void {
    this.#openTrailers().add(name, metadataValue(value));
  }

  sendHeaders(): void {
    if (this.#hasSentHeaders) return;
    this.#hasSentHeaders = true;
    this.#stream.sendMetadata(this.#headers);
  }

  /** Ends the call with its status; nothing where its caller has gone. */
  sendStatus(failure: unknown): void {
    this.lifetime.end();
    if (this.#stream.cancelled) return;
    const trailers = this.#openTrailers();
    // Without a message before it, the status travels in the headers.
    if (!this.#hasSentHeaders) trailers.merge(this.#headers);
    // grpc-js takes a status of ours, a good one too, by this event alone; `destroy` would send none.
    this.#stream.emit('error', toStatusObject(failure, trailers));
  }

  /** What the handler may know of the call. */
  context(): CallContext {
    return {
      method: this.method.path,
      signal: this.signal,
      deadline: this.deadline,
      requestId: this.requestId,
      caller: this.caller ?? anonymous,
      peer: this.peer,
      address: this.address,
      host: this.host,
      header: (name) => this.header(name),
      setHeader: (name, value) => this.setHeader(name, value),
      setTrailer: (name, value) => this.setTrailer(name, value),
    };
  }

  #openTrailers(): Metadata {
    this.#trailers ??= new UnpaddedMetadata();
    return this.#trailers;
  }
}

function metadataValue(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value);
}
