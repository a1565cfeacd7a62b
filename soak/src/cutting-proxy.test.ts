import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startCuttingProxy } from './cutting-proxy.ts';

test('a cut lets so many more bytes through and then resets the connection', async () => {
  const target = createServer((socket) => {
    socket.on('error', () => undefined).write('before');
    socket.on('data', () => socket.write('x'.repeat(1000)));
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void target.close());
  const proxy = await startCuttingProxy(() => (target.address() as AddressInfo).port);
  onTestFinished(() => proxy.stop());

  const client = connect(proxy.port, '127.0.0.1');
  const received: Buffer[] = [];
  const ended = new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    client.once('error', resolve);
    client.once('end', () => resolve(undefined));
  });
  client.on('data', (bytes) => {
    if (received.length === 0) {
      expect(proxy.cut(10)).toBe(1);
      client.write('more');
    }
    received.push(bytes);
  });
  expect((await ended)?.code).toBe('ECONNRESET');
  expect(Buffer.concat(received).length).toBeLessThanOrEqual('before'.length + 10);
});
