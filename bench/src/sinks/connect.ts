import { once } from 'node:events';
import { request } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { type Decoded, decodeEnvelope, decodeOnce, decodeSse, decodeUser } from './decode.ts';
import type { OpenWatchers } from './sink-protocol.ts';
import { frame, type Splitter, splitGrpc, splitSse } from './split.ts';
import type { Tally, Watcher } from './watcher.ts';

/** Ends a watcher's connection. */
export type Cut = () => void;
export type Connect = (watcher: Watcher) => Promise<Cut>;

/** Makes what opens connections of one protocol. Resolves for each when its answer has begun. */
export function connector({ protocol, port, token }: OpenWatchers, tally: Tally): Connect {
  switch (protocol) {
    case 'web': {
      const decode = decodeOnce(decodeEnvelope);
      return async (watcher) => {
        const body = frame(ListUsersRequest.toBinary(requestOf(watcher)));
        const headers = {
          'content-type': 'application/grpc-web+proto',
          'x-grpc-web': '1',
          'x-roster-feed': '1',
          authorization: `Bearer ${token}`,
        };
        const path = '/userservice.v1.UserService/ListUsers';
        return openHttp1({ port, path, method: 'POST', headers, body }, receive(watcher, splitGrpc(), decode, tally));
      };
    }
    case 'sse': {
      const decode = decodeOnce(decodeSse);
      return (watcher) =>
        openHttp1({ port, path: '/feed', method: 'GET', headers: {} }, receive(watcher, splitSse(), decode, tally));
    }
    case 'grpc': {
      const decode = decodeOnce(decodeUser);
      const session = sessions(port);
      return (watcher) => openHttp2(session(), requestOf(watcher), receive(watcher, splitGrpc(), decode, tally));
    }
  }
}

function requestOf({ resumeToken, filter }: Watcher): ListUsersRequest {
  return ListUsersRequest.create({ watch: true, pageSize: 1000, resumeToken, filter });
}

type Receive = (piece: Buffer) => void;

function receive(watcher: Watcher, split: Splitter, decode: (bytes: Buffer) => Decoded, tally: Tally): Receive {
  return (piece) => {
    tally.bytes += piece.length;
    for (const message of split(piece)) watcher.apply(decode(message));
  };
}

interface Http1Request {
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** A server that opens a thousand streams may miss a health check; who is turned away for that comes again, as the console does. */
async function openHttp1(options: Http1Request, onData: Receive): Promise<Cut> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryHttp1(options, onData);
    } catch (error) {
      if (attempt === 50) throw error;
      await wait(500);
    }
  }
}

async function tryHttp1({ body, ...options }: Http1Request, onData: Receive): Promise<Cut> {
  const call = request({ host: '127.0.0.1', agent: false, ...options });
  call.on('error', () => undefined);
  call.end(body);
  const [response] = await once(call, 'response');
  if (response.statusCode !== 200) {
    call.destroy();
    throw new Error(`A watcher was answered with ${response.statusCode}.`);
  }
  response.on('data', onData);
  response.on('error', () => undefined);
  let cut: Cut = () => call.destroy();
  // A stream that the server ends, because it cannot list for all at once, is opened again.
  response.on('end', async () => {
    await wait(200 + 800 * Math.random());
    if (!isCut) cut = await openHttp1({ ...options, ...(body && { body }) }, onData).catch(() => cut);
  });
  let isCut = false;
  return () => {
    isCut = true;
    cut();
  };
}

const streamsPerSession = 50;

/** Hands out sessions, a new one for every fifty streams. */
function sessions(port: number): () => ClientHttp2Session {
  let session: ClientHttp2Session | undefined;
  let used = 0;
  return () => {
    if (!session || used % streamsPerSession === 0) {
      session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 1024 * 1024 } });
      session.on('error', () => undefined);
      session.unref();
    }
    used += 1;
    return session;
  };
}

async function openHttp2(session: ClientHttp2Session, message: ListUsersRequest, onData: Receive): Promise<Cut> {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/userservice.v1.UserService/ListUsers',
    'content-type': 'application/grpc+proto',
    te: 'trailers',
  });
  stream.on('error', () => undefined);
  stream.end(frame(ListUsersRequest.toBinary(message)));
  await once(stream, 'response');
  stream.on('data', onData);
  return () => stream.close();
}
