import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import type { RpcInterceptor } from '@protobuf-ts/runtime-rpc';
import { onTestFinished } from 'vitest';
import type { TestApp } from './test-app.ts';

/** A browser with the console open: keeps cookies, and sends along what only a page of ours can. */
export interface TestBrowser {
  /** Of the page, which came from the host that it calls. */
  readonly origin: string;
  readonly transport: GrpcTransport;
  /** What it has been handed and not been told to forget, as `name` → `value`. */
  readonly cookies: Map<string, string>;
  /** Every `set-cookie` that came, with its attributes. */
  readonly setCookies: readonly string[];
}

/** Opens one; it ends with the test. `cookie`: what it has already, as `name=value`. */
export function openBrowser(
  { app }: Pick<TestApp, 'app'>,
  { host = 'roster.example', cookie }: { readonly host?: string; readonly cookie?: string } = {},
): TestBrowser {
  const origin = `https://${host}`;
  const cookies = new Map<string, string>();
  const setCookies: string[] = [];
  if (cookie !== undefined) keep(cookies, cookie);
  const page: RpcInterceptor = {
    interceptUnary(next, method, input, options) {
      const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const meta = { ...options.meta, origin, 'x-grpc-web': '1', ...(jar === '' ? {} : { cookie: jar }) };
      const call = next(method, input, { ...options, meta });
      call.headers.then(
        (headers) => {
          for (const text of [headers['set-cookie'] ?? []].flat()) {
            setCookies.push(text);
            keep(cookies, text);
          }
        },
        () => undefined,
      );
      return call;
    },
  };
  const transport = new GrpcTransport({
    host: `127.0.0.1:${app.port}`,
    channelCredentials: ChannelCredentials.createInsecure(),
    clientOptions: { 'grpc.default_authority': host },
    interceptors: [page],
  });
  onTestFinished(() => transport.close());
  return { origin, transport, cookies, setCookies };
}

function keep(cookies: Map<string, string>, text: string): void {
  const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf('='));
  if (attributes.includes('Max-Age=0')) cookies.delete(name);
  else cookies.set(name, pair.slice(name.length + 1));
}
