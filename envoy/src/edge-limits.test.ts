import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { configFile } from './run-envoy.ts';
import { answerEmpty } from './testing/grpc-backend.ts';
import { startEdge } from './testing/start-edge.ts';

/** So few connections that a test can open them all; everything else is as committed. */
const connectionsMax = 5;
let edge: Awaited<ReturnType<typeof startEdge>>;

beforeAll(async () => {
  const committed = readFileSync(configFile, 'utf8');
  const key = 'max_active_downstream_connections: ';
  expect(committed).toMatch(new RegExp(`${key}\\d+`));
  edge = await startEdge({ configText: committed.replace(new RegExp(`${key}\\d+`), key + connectionsMax) });
}, 120_000);
afterAll(() => edge?.stop());

/** Opens a connection and sends text on it; what comes back, and that the other side has closed it. */
function open(text: string): { readonly socket: Socket; readonly closed: Promise<string> } {
  const socket = connect(edge.envoy.edgePort, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.write(text);
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  return { socket, closed };
}

const call = (...headers: readonly string[]) =>
  [
    'POST /userservice.v1.UserService/GetUser HTTP/1.1',
    'host: localhost',
    'content-type: application/grpc-web+proto',
    'x-grpc-web: 1',
    'content-length: 5',
    ...headers,
    '\r\n',
  ].join('\r\n');
const emptyMessage = '\0\0\0\0\0';
const statusOf = (answer: string) => answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);

test('44. headers of 50 KB come through, of 65 KB do not; eighty headers come through, a hundred and ten do not', async () => {
  edge.backend.behave(answerEmpty);
  const send = (...headers: readonly string[]) =>
    open(call('connection: close', ...headers) + emptyMessage).closed.then(statusOf);
  const counted = (count: number) => Array.from({ length: count }, (_, index) => `h${index}: x`);
  expect(await send(`big: ${'x'.repeat(50_000)}`)).toBe('200');
  expect(await send(`big: ${'x'.repeat(65_000)}`)).toBe('431');
  expect(await send(...counted(80))).toBe('200');
  expect(await send(...counted(110))).toBe('431');
});

test('44. a request whose head stops halfway, and one whose body does, are ended; one that comes byte by byte is answered', {
  timeout: 60_000,
}, async () => {
  edge.backend.behave(answerEmpty); // It waits for the whole body.
  const head = open('GET / HTTP/1.1\r\nhost: localhost\r\nhalf');
  const body = open(`${call()}\0\0`);
  const slow = open('');
  for (const byte of call('connection: close') + emptyMessage) slow.socket.write(byte);
  expect(statusOf(await slow.closed)).toBe('200');
  expect(statusOf(await head.closed)).toBe('408');
  expect(statusOf(await body.closed)).toBe('408');
});

test('44. a connection carries a hundred streams at once; the next one waits until one of them ends', async () => {
  edge.backend.behave(() => undefined);
  const session = connectHttp2(`http://127.0.0.1:${edge.envoy.edgePort}`);
  onTestFinished(() => session.destroy());
  await new Promise((resolve) => session.once('remoteSettings', resolve));
  expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
  const headers = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' };
  const before = edge.backend.calls.length;
  const [first] = Array.from({ length: 101 }, () => {
    const path = '/userservice.v1.UserService/CreateUser';
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    stream.on('error', () => undefined);
    return stream.end(Buffer.from(emptyMessage));
  });
  await expect.poll(() => edge.backend.calls.length - before).toBe(100);
  await new Promise((resolve) => session.ping(resolve));
  expect(edge.backend.calls.length - before, 'the last one has not set out').toBe(100);
  first?.close();
  await expect.poll(() => edge.backend.calls.length - before).toBe(101);
});

test('44. so many connections as are allowed are served at once; one more is closed, and one that ends makes room', async () => {
  const served = () => open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const isServed = ({ socket }: { readonly socket: Socket }) =>
    new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
  let first: ReturnType<typeof open>[] = [];
  const openAll = async () => {
    for (const { socket } of first) socket.destroy();
    first = Array.from({ length: connectionsMax }, served);
    return (await Promise.all(first.map(isServed))).filter((is) => is).length;
  };
  // The connections of other tests may not have gone yet.
  await expect.poll(openAll, { timeout: 10_000 }).toBe(connectionsMax);
  expect(await isServed(served())).toBe(false);
  first[0]?.socket.destroy();
  await expect.poll(() => isServed(served()), { timeout: 10_000 }).toBe(true);
});
