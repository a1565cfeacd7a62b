import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

export type SeenCall = { readonly path: string; readonly headers: IncomingHttpHeaders };

/** What the stand-in server does with a call: it answers with one empty message unless a test says otherwise. */
export type Behaviour = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/**
 * The least that Envoy takes for a gRPC server: HTTP/2, always healthy. The proxy is what is tested with it; Roster's own
 * server stands behind the same proxy in e2e.
 */
export async function startGrpcBackend(): Promise<{
  readonly port: number;
  readonly calls: readonly SeenCall[];
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}> {
  const calls: SeenCall[] = [];
  let behaviour: Behaviour = answerEmpty;
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const path = headers[':path'] ?? '';
    if (path === '/grpc.health.v1.Health/Check') return answer(stream, Buffer.from([8, 1]));
    calls.push({ path, headers });
    behaviour(stream, headers);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    behave: (next) => {
      behaviour = next;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

export function answerEmpty(stream: ServerHttp2Stream): void {
  stream.resume();
  stream.on('end', () => answer(stream, Buffer.alloc(0)));
}

/** One message, then the status OK in trailers. */
function answer(stream: ServerHttp2Stream, message: Buffer): void {
  openAnswer(stream);
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(frame(message));
}

export function openAnswer(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
}

/** A message with its flag and length in front, as gRPC and gRPC-Web write it. */
export function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
