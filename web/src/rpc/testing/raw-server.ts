import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A server that answers with bytes made by hand, for what a real gRPC server cannot be made to send. */
export interface RawServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** How many TCP connections it has accepted. */
  connectionCount(): number;
}

export type Answer = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void | Promise<void>;

export async function startRawServer(answer: Answer): Promise<RawServer> {
  let connections = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    await answer(response, request, Buffer.concat(chunks));
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    connectionCount: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A frame with a true length, or with the length that is claimed. */
export function frame(flags: number, payload: Uint8Array | string, claimedLength?: number): Buffer {
  const bytes = Buffer.from(payload);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flags, 0);
  prefix.writeUInt32BE(claimedLength ?? bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

export const message = (payload: Uint8Array) => frame(0, payload);
export const trailers = (text: string) => frame(0x80, text);
export const okTrailers = trailers('grpc-status: 0\r\n');

export const grpcWeb = { 'content-type': 'application/grpc-web+proto' } as const;
