import { request } from 'node:http';

/** A request as no client of ours would send it. By node:http, because fetch takes no Host, Origin and Cookie of one's choice. */
export interface RawCall {
  readonly method?: string;
  /** `undefined` leaves a header out, a list sends it more than once. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: Uint8Array;
}

export interface RawAnswer {
  readonly http: number;
  /** Both from the head or from the trailers in the body, wherever they are; empty where there are none. */
  readonly grpcStatus: string;
  readonly grpcMessage: string;
  /** The decoded bytes of `grpc-status-details-bin`. */
  readonly details: Buffer;
  /** Each as `name: value`. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export function sendRaw(url: string, { method = 'POST', headers = {}, body }: RawCall): Promise<RawAnswer> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const length = body === undefined ? [] : ['content-length', String(body.byteLength)];
  const lines = Object.entries({ host, ...headers }).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((text) => [name, text]),
  );
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path: pathname + search, method, headers: [...lines, ...length] };
    const call = request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const whole = Buffer.concat(parts);
        const trailers = whole.toString('latin1');
        const told = (name: string) =>
          String(response.headers[name] ?? new RegExp(`${name}: ?(.*?)\\r`).exec(trailers)?.[1] ?? '');
        const { rawHeaders } = response;
        resolve({
          http: response.statusCode ?? 0,
          grpcStatus: told('grpc-status'),
          grpcMessage: decodeURIComponent(told('grpc-message')),
          details: Buffer.from(told('grpc-status-details-bin'), 'base64'),
          headers: rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : [])),
          body: whole,
        });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Frames a message as gRPC-Web does: not compressed, its length, its bytes. */
export function frame(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([head, bytes]);
}
