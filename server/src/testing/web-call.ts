import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { MethodInfo } from '@protobuf-ts/runtime-rpc';
import type { TestEdge } from './test-edge.ts';

/** The answer to a gRPC-Web call as it comes over the wire. */
export interface WebAnswer {
  readonly httpStatus: number;
  /** With the trailers, wherever they were. Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly setCookies: readonly string[];
  readonly grpcStatus: string | undefined;
  /** The bytes of the message; undefined where there is none. */
  readonly message: Buffer | undefined;
  /** Headers and body, as text. */
  readonly text: string;
}

/** A method of a service by its name. */
export function methodOf(service: { readonly methods: readonly MethodInfo[] }, name: string): MethodInfo {
  const found = service.methods.find((each) => each.name === name);
  if (!found) throw new Error(`There is no method ${name}.`);
  return found;
}

/** Makes a unary gRPC-Web call as a page of the edge's own origin does. `headers` add to what a page sends, or replace it; `undefined` leaves out. */
export async function callWeb(
  { origin }: Pick<TestEdge, 'origin'>,
  method: Pick<MethodInfo, 'name' | 'service' | 'I'>,
  input: object,
  headers: OutgoingHttpHeaders = {},
): Promise<WebAnswer> {
  const message = method.I.toBinary(method.I.create(input));
  const given: OutgoingHttpHeaders = {
    'content-type': 'application/grpc-web+proto',
    accept: 'application/grpc-web+proto',
    'x-grpc-web': '1',
    origin,
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const url = `${origin}/${method.service.typeName}/${method.name}`;
  return new Promise((resolve, reject) => {
    const call = httpRequest(url, { method: 'POST', headers: sent }, (response) => {
      buffer(response).then((body) => {
        const frames = readFrames(body, response.headers['content-type'] ?? '');
        const trailers = Buffer.concat(
          frames.filter(({ isTrailer }) => isTrailer).map(({ bytes }) => bytes),
        ).toString();
        const all = new Map<string, string>();
        for (const [name, value] of Object.entries(response.headers)) all.set(name, String(value));
        for (const line of trailers.split('\r\n').filter(Boolean)) {
          all.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
        }
        resolve({
          httpStatus: response.statusCode ?? 0,
          headers: all,
          setCookies: response.headers['set-cookie'] ?? [],
          grpcStatus: all.get('grpc-status'),
          message: frames.find(({ isTrailer }) => !isTrailer)?.bytes,
          text: `${JSON.stringify([...all])}\n${body.toString('latin1')}`,
        });
      }, reject);
    });
    call.on('error', reject);
    call.end(frame(message));
  });
}

function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

function readFrames(body: Buffer, contentType: string): { readonly isTrailer: boolean; readonly bytes: Buffer }[] {
  const frames: { isTrailer: boolean; bytes: Buffer }[] = [];
  if (!contentType.startsWith('application/grpc-web')) return frames;
  for (let at = 0; at + 5 <= body.length; ) {
    const length = body.readUInt32BE(at + 1);
    frames.push({ isTrailer: ((body[at] ?? 0) & 0x80) !== 0, bytes: body.subarray(at + 5, at + 5 + length) });
    at += 5 + length;
  }
  return frames;
}
