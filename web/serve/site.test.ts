import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSite } from './site.ts';

const root = mkdtempSync(join(tmpdir(), 'roster-site-'));
const script = 'console.log(1)';
mkdirSync(join(root, 'assets'));
writeFileSync(join(root, 'index.html'), '<!doctype html>page');
writeFileSync(join(root, 'assets/main-abc.js'), script);
writeFileSync(join(root, 'assets/main-abc.js.br'), brotliCompressSync(script));
writeFileSync(join(root, 'assets/main-abc.js.gz'), gzipSync(script));
writeFileSync(join(root, 'favicon.svg'), '<svg/>');
writeFileSync(join(root, '..', 'outside.txt'), 'outside');

const server = createServer(createSite(root));
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true });
});

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    call.on('error', reject).end();
  });
}

test.each(['/', '/users', '/users/0190-abc', '/users/0190-abc/history', '/?filter=role%20%3D%20ADMIN'])(
  '%s is the page, asked for again each time',
  async (path) => {
    const { status, headers, body } = await get(path);
    expect([status, body]).toEqual([200, '<!doctype html>page']);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(headers['cache-control']).toBe('no-cache');
  },
);

test.each([
  '/userservice.v1.UserService/ListUsers',
  '/userservice.v1.UserService/GetUser/x',
  '/grpc.health.v1.Health/Check',
  '/assets/main-old.js',
  '/assets/gone',
  '/missing.png',
  '/../outside.txt',
  '/%2e%2e/outside.txt',
])('%s is a 404 and no HTML', async (path) => {
  const { status, headers, body } = await get(path);
  expect(status).toBe(404);
  expect(headers['content-type']).toMatch(/^text\/plain/);
  expect(body).not.toContain('outside');
});

describe('a file with its hash in its name', () => {
  test.each([
    ['br', 'gzip, deflate, br', brotliCompressSync(script)],
    ['gzip', 'gzip', gzipSync(script)],
    [undefined, 'identity', Buffer.from(script)],
  ])('is sent as %s to who accepts %s, and kept for ever', async (encoding, accept, bytes) => {
    const { headers, body } = await get('/assets/main-abc.js', { 'accept-encoding': accept });
    expect(headers['content-encoding']).toBe(encoding);
    expect(Buffer.from(body, 'latin1').equals(bytes)).toBe(true);
    expect(headers['content-type']).toMatch(/javascript/);
    expect(headers['cache-control']).toContain('immutable');
    expect(headers['vary']).toBe('Accept-Encoding');
  });
});

test('an unchanged file is not sent again', async () => {
  const { headers } = await get('/favicon.svg');
  const again = await get('/favicon.svg', { 'if-none-match': String(headers['etag']) });
  expect([again.status, again.body]).toEqual([304, '']);
});

test('only GET and HEAD are answered', async () => {
  expect((await get('/', {}, 'POST')).status).toBe(405);
  expect((await get('/users', {}, 'HEAD')).status).toBe(200);
  expect((await get('/healthz')).body).toBe('ok\n');
});
