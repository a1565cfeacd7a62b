import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire to the edge that can be cut. */
export interface CuttingProxy {
  readonly port: number;
  /** Lets at most so many more bytes of each connection through to the client, then resets it: in the middle of a frame. Returns how many it is. */
  cut(afterBytes: number): number;
  stop(): Promise<void>;
}

export async function startCuttingProxy(targetPort: () => number): Promise<CuttingProxy> {
  const pairs = new Set<{ readonly client: Socket; readonly target: Socket; leftBytes: number }>();
  const server = createServer((client) => {
    const target = connect(targetPort(), '127.0.0.1');
    const pair = { client, target, leftBytes: Number.POSITIVE_INFINITY };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.resetAndDestroy();
      target.resetAndDestroy();
    };
    for (const socket of [client, target]) socket.on('error', () => undefined).on('close', end);
    client.pipe(target);
    target.on('data', (chunk) => {
      const part = chunk.subarray(0, pair.leftBytes);
      pair.leftBytes -= part.length;
      const hasRoom = part.length === 0 || client.write(part);
      if (pair.leftBytes <= 0) end();
      else if (!hasRoom) {
        target.pause();
        client.once('drain', () => target.resume());
      }
    });
    target.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut(afterBytes) {
      for (const pair of pairs) pair.leftBytes = Math.min(pair.leftBytes, afterBytes);
      return pairs.size;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const { client, target } of pairs) {
          client.destroy();
          target.destroy();
        }
      }),
  };
}
