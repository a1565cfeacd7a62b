import { expect, test } from 'vitest';
import { isHealthyMember } from './admin.ts';
import { frame, startGrpcBackend } from './testing/grpc-backend.ts';
import { startEdge } from './testing/start-edge.ts';

const write = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' };

test('a server that died costs no call, also before a health check has found it out', { timeout: 60_000 }, async () => {
  const dying = await startGrpcBackend();
  const address = { host: '127.0.0.1', port: dying.port };
  const edge = await startEdge({ backends: [address] });
  try {
    await expect.poll(() => isHealthyMember(edge.envoy.adminPort, 'backend', address), { timeout: 10_000 }).toBe(true);
    await dying.stop();
    const statuses = [];
    for (let index = 0; index < 40; index += 1) {
      const url = `http://127.0.0.1:${edge.envoy.edgePort}/userservice.v1.UserService/CreateUser`;
      const answer = await fetch(url, { method: 'POST', headers: write, body: frame(Buffer.alloc(0)) });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual(statuses.map(() => 200));
  } finally {
    await edge.stop();
  }
});
