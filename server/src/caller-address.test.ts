import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startTestApp } from './testing/test-app.ts';
import { startTestEdge } from './testing/test-edge.ts';
import { callWeb, methodOf } from './testing/web-call.ts';

const getOptions = methodOf(SessionService, 'GetSignInOptions');

/** A server behind a proxy that has so many others before it; tells whom it takes for the caller of a call, by its log. */
async function startBehindProxies(trustedHops: number) {
  const lines: { readonly requestId?: string; readonly address?: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line)) });
  const edge = await startTestEdge(await startTestApp({ log }), { trustedHops });
  const native = new GrpcTransport({
    host: `127.0.0.1:${edge.envoy.nativePort}`,
    channelCredentials: ChannelCredentials.createInsecure(),
  });
  onTestFinished(() => native.close());
  const addressOf = async (call: (requestId: string) => PromiseLike<unknown>) => {
    const requestId = crypto.randomUUID();
    await call(requestId);
    await expect.poll(() => lines.map((line) => line.requestId)).toContain(requestId);
    return lines.find((line) => line.requestId === requestId)?.address;
  };
  return {
    ofPage: (headers: Record<string, string>) =>
      addressOf(async (requestId) => {
        const answer = await callWeb(edge, getOptions, {}, { 'x-request-id': requestId, ...headers });
        expect(answer.grpcStatus).toBe('0');
      }),
    ofProgram: (headers: Record<string, string>) =>
      addressOf((requestId) =>
        new SessionServiceClient(native).getSignInOptions({}, { meta: { 'x-request-id': requestId, ...headers } }),
      ),
  };
}

const forged = [
  { 'x-forwarded-for': '203.0.113.7' },
  { 'x-forwarded-for': '203.0.113.7, 198.51.100.1, 127.0.0.1' },
  { 'x-forwarded-for': '203.0.113.7,' },
  { 'x-real-ip': '203.0.113.7', forwarded: 'for=203.0.113.7' },
  { 'x-envoy-external-address': '203.0.113.7' },
];

test('where no proxy of ours stands before it, the proxy believes no caller what it says of its address, on either listener', async () => {
  const address = await startBehindProxies(0);
  for (const headers of forged) {
    expect(await address.ofPage(headers)).toBe('127.0.0.1');
    expect(await address.ofProgram(headers)).toBe('127.0.0.1');
  }
});

test.each([
  [1, '203.0.113.7', '203.0.113.7'],
  [1, 'unknown, 198.51.100.1, 203.0.113.7', '203.0.113.7'],
  [1, '198.51.100.1, 2001:db8::7', '2001:db8::7'],
  [2, '203.0.113.7', '127.0.0.1'],
  [2, '198.51.100.1, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
])(
  'of %i proxies of ours before it, the first says where a call comes from, and nothing before that counts: %s',
  async (hops, header, caller) => {
    const address = await startBehindProxies(hops);
    expect(await address.ofPage({ 'x-forwarded-for': header })).toBe(caller);
    expect(await address.ofProgram({ 'x-forwarded-for': header }), 'no proxy stands before programs').toBe('127.0.0.1');
  },
);
