import { randomBytes } from 'node:crypto';
import { type ClientHttp2Session, connect } from 'node:http2';
import { CredentialService } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { HistoryService } from '@roster/proto/gen/roster/history/v1/history_service';
import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { TokenService } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { GetUserRequest, ListUsersRequest, UserService } from '@roster/proto/gen/userservice/v1/user_service';
import { limits } from '@roster/proto/limits';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { detailsOf } from './rpc/read-failure.ts';
import { Code } from './rpc/rpc-error.ts';
import { frame } from './rpc/test-server.ts';
import { openTestApp } from './testing/test-app.ts';
import { createPerson, type TestPerson } from './testing/test-people.ts';

const services = [UserService, SessionService, CredentialService, TokenService, HistoryService];
const methods = services.flatMap((service) =>
  service.methods.map((method) => ({ ...method, path: `/${service.typeName}/${method.name}` })),
);

let app: Awaited<ReturnType<typeof openTestApp>>;
let admin: TestPerson;
/** Whose session calls may end. */
let leaver: TestPerson;
/** The hostile caller's and another's. */
let theirs: ClientHttp2Session;
let ours: ClientHttp2Session;

beforeAll(async () => {
  app = await openTestApp();
  admin = await createPerson(app.database, { name: 'An Admin', role: UserRole.ADMIN });
  leaver = await createPerson(app.database, { name: 'A Leaver' });
  theirs = connect(`http://127.0.0.1:${app.app.port}`);
  ours = connect(`http://127.0.0.1:${app.app.port}`);
});
afterAll(async () => {
  theirs.destroy();
  ours.destroy();
  await app.close();
});

type Trailers = Readonly<Record<string, unknown>>;

/** Sends bytes as the body of one call. By default with the session of an admin: so they come past every question of who calls. */
function call(
  session: ClientHttp2Session,
  path: string,
  body: Uint8Array,
  { seconds = 5, person = admin } = {},
): Promise<Trailers> {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': `${seconds}S`,
    cookie: person.cookie,
    'x-grpc-web': '1',
    origin: `http://127.0.0.1:${app.app.port}`,
  });
  return new Promise((resolve, reject) => {
    stream.on('response', (received) => 'grpc-status' in received && resolve(received));
    stream.on('trailers', resolve);
    stream.on('error', reject);
    stream.resume().end(body);
  });
}

/** A field that nobody knows, with one byte: two bytes each. */
const unknownFields = (bytes: number): Buffer => Buffer.alloc(bytes - (bytes % 3), Buffer.from([0xf8, 0x3f, 1]));
/** Filled up with unknown fields to the largest message that is read. */
const filled = (message: Uint8Array): Buffer =>
  Buffer.concat([message, unknownFields(limits.messageBytes - message.byteLength)]);

const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map(frame),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  // Fields of every number and kind, with text: what reaches the handlers most often.
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 15 }), fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 6 })
    .map((fields) => frame(Buffer.concat(fields.map(([number, text]) => textField(number, text))))),
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 0, max: 127 })), { maxLength: 6 })
    .map((fields) => frame(Buffer.from(fields.flatMap(([number, value]) => [number << 3, value])))),
);

describe('41. any bytes get an answer within the deadline, and none that says that the server failed', () => {
  test.each(methods)('41. sent to $service.typeName $name', { timeout: 60_000 }, async ({ path }) => {
    const person = /\/(SignOut|EndSession|EndOtherSessions)$/.test(path) ? leaver : admin;
    const property = fc.asyncProperty(body, async (bytes) => {
      const status = Number((await call(theirs, path, bytes, { seconds: 2, person }))['grpc-status']);
      expect(Code[status]).toBeDefined();
      expect([Code.UNKNOWN, Code.DATA_LOSS]).not.toContain(status);
      // grpc-js says INTERNAL itself where a frame claims to be compressed and is not.
      if (bytes[0] !== 1) expect(status, 'our own failure').not.toBe(Code.INTERNAL);
    });
    await fc.assert(property, { numRuns: 15 });
    expect((await call(ours, '/grpc.health.v1.Health/Check', frame(new Uint8Array())))['grpc-status']).toBe('0');
  });
});

describe('43. no message can hold the server: its size is judged before it is read', () => {
  // A stream of requests goes on where one of them cannot be read: decode-request.test.ts.
  test.each(methods.filter(({ clientStreaming }) => !clientStreaming))(
    '43. a byte too many for $service.typeName $name is told before the bytes are',
    async ({ path }) => {
      // Were they read first, MALFORMED_MESSAGE would be what is wrong with them.
      const trailers = await call(theirs, path, frame(randomBytes(limits.messageBytes + 1).fill(0xff, 0, 20)));
      // A stream of requests goes on where one of them cannot be read, and says so in its answer.
      if (methods.find((method) => method.path === path)?.clientStreaming) return;
      expect(trailers['grpc-status']).toBe(String(Code.INVALID_ARGUMENT));
      expect(detailsOf(trailers['grpc-status-details-bin']).reason).toBe('MESSAGE_TOO_LARGE');
    },
  );

  test.each([
    ['characters', `${'('.repeat(limits.filterLength)}(`],
    ['terms', 'a '.repeat(limits.filterTerms + 1)],
    ['parentheses', `${'('.repeat(limits.filterDepth + 1)}a${')'.repeat(limits.filterDepth + 1)}`],
  ])('43. a filter of too many %s is refused by its filter', async (_, filter) => {
    const trailers = await call(
      theirs,
      '/userservice.v1.UserService/ListUsers',
      frame(ListUsersRequest.toBinary(ListUsersRequest.create({ filter }))),
    );
    expect(trailers['grpc-status']).toBe(String(Code.INVALID_ARGUMENT));
    expect(detailsOf(trailers['grpc-status-details-bin']).fields).toEqual(['filter']);
  });

  test('43. another’s call is answered in between a hundred of the largest, and not behind them', {
    timeout: 60_000,
  }, async () => {
    const getUser = '/userservice.v1.UserService/GetUser';
    const worst = frame(filled(GetUserRequest.toBinary({ id: admin.user.id })));
    // More on one connection than HTTP/2's own limits let through would be no test of ours.
    const connections = Array.from({ length: 6 }, () => connect(`http://127.0.0.1:${app.app.port}`));
    onTestFinished(() => {
      for (const connection of connections) connection.destroy();
    });
    let answered = 0;
    const attack = connections.flatMap((connection) =>
      Array.from({ length: 20 }, () =>
        call(connection, getUser, worst, { seconds: 60 }).then((trailers) => {
          answered += 1;
          return trailers['grpc-status'];
        }),
      ),
    );
    // The first of them is through: all are under way.
    await Promise.race(attack);
    const mine = await call(ours, getUser, frame(GetUserRequest.toBinary({ id: admin.user.id })));
    const before = answered;
    expect(mine['grpc-status']).toBe('0');
    // A machine that is slow tells the last of them that their message took too long to arrive.
    const known = [Code.OK, Code.DEADLINE_EXCEEDED].map(String);
    expect(known).toEqual(expect.arrayContaining(await Promise.all(attack)));
    expect(before, 'answered before ours').toBeLessThan(attack.length);
  });
});

function textField(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}
