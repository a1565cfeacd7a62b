import { type ClientHttp2Session, connect } from 'node:http2';
import { User, type UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { frame, splitGrpc } from './sinks/split.ts';

type Event = UserFeed['event'];

export interface OpenFeeds {
  /** Resolves with the first failure; never while all are well. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

const feedsAConnection = 500;
const openAtOnce = 40;

/**
 * Opens one live list for each request over plain HTTP/2, which reads them at next to no cost, and waits until each has come to the end of its snapshot or is
 * resumed.
 */
export async function openFeeds(
  port: number,
  token: string,
  requests: readonly Partial<ListUsersRequest>[],
  onEvent: (feed: number, event: Event) => void,
): Promise<OpenFeeds> {
  const sessions: ClientHttp2Session[] = [];
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  let next = 0;
  const opener = async () => {
    for (let feed = next++; feed < requests.length; feed = next++) {
      const number = Math.floor(feed / feedsAConnection);
      const session = sessions[number] ?? connect(`http://127.0.0.1:${port}`).on('error', fail);
      sessions[number] = session;
      await Promise.race([
        openFeed(session, token, requests[feed] ?? {}, (event) => onEvent(feed, event), fail),
        failed.then(refuse),
      ]);
    }
  };
  await Promise.all(Array.from({ length: openAtOnce }, opener));
  return {
    failed,
    async close() {
      for (const session of sessions) session.destroy();
    },
  };
}

function refuse(error: Error): never {
  throw error;
}

function openFeed(
  session: ClientHttp2Session,
  token: string,
  request: Partial<ListUsersRequest>,
  onEvent: (event: Event) => void,
  onFailure: (error: Error) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/userservice.v1.UserService/ListUsers',
      'content-type': 'application/grpc',
      'x-roster-feed': '1',
      authorization: `Bearer ${token}`,
      te: 'trailers',
    });
    const split = splitGrpc();
    stream.on('data', (piece: Buffer) => {
      for (const message of split(piece)) {
        const event = User.fromBinary(message).feed?.event ?? { oneofKind: undefined };
        if (event.oneofKind === 'end' || event.oneofKind === 'resumed') resolve();
        onEvent(event);
      }
    });
    const failure = (headers: Record<string, unknown>) => {
      const status = headers['grpc-status'];
      if (status !== undefined && status !== '0') onFailure(new Error(`status ${status}: ${headers['grpc-message']}`));
    };
    stream.on('response', failure);
    stream.on('trailers', failure);
    stream.on('error', onFailure);
    stream.end(frame(ListUsersRequest.toBinary(ListUsersRequest.create({ watch: true, ...request }))));
  });
}
