import { once } from 'node:events';
import { createServer } from 'node:http2';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { User, UserFeed } from '@roster/proto/gen/userservice/v1/user';

/**
 * What an open stream takes at least: a server that answers every call with one message and one more every fifteen seconds, and knows of nothing else. `grpc` is
 * bare grpc-js, `http2` the module of Node below it.
 */
const [kind = 'grpc'] = process.argv.slice(2);
const heartbeatMs = 15_000;

const resumed = encode({ oneofKind: 'resumed', resumed: {} });
const checkpoint = encode({
  oneofKind: 'checkpoint',
  checkpoint: { resumeToken: '0'.repeat(64), behind: 0 },
});

function encode(event: UserFeed['event']): Buffer {
  return Buffer.from(User.toBinary(User.create({ feed: UserFeed.create({ event }) })));
}

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

interface Writable {
  write(bytes: Buffer): unknown;
}

const streams = new Set<Writable>();
const beats = kind === 'http2' ? frame(checkpoint) : checkpoint;
setInterval(() => {
  for (const stream of streams) stream.write(beats);
}, heartbeatMs);

function serveHttp2(): Promise<number> {
  const server = createServer({ settings: { maxConcurrentStreams: 1000 } });
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.write(frame(resumed));
    stream.resume();
    stream.on('error', () => undefined);
    stream.on('close', () => streams.delete(stream));
    streams.add(stream);
  });
  server.listen(0, '127.0.0.1');
  return once(server, 'listening').then(() => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
}

function serveGrpc(): Promise<number> {
  const server = new Server({ 'grpc.max_concurrent_streams': 1000 });
  const pass = (bytes: Buffer): Buffer => bytes;
  const handle = (stream: ServerDuplexStream<Buffer, Buffer>): void => {
    stream.write(resumed);
    stream.resume();
    stream.on('error', () => undefined);
    stream.on('cancelled', () => streams.delete(stream));
    streams.add(stream);
  };
  server.register('/userservice.v1.UserService/ListUsers', handle, pass, pass, 'bidi');
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

const port = await (kind === 'http2' ? serveHttp2() : serveGrpc());
console.log(JSON.stringify({ msg: 'listening', port }));
