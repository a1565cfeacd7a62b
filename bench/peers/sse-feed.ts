import type { ServerResponse } from 'node:http';
import fastify from 'fastify';
import { tailFeed, toJsonUser } from './lib/feed-tail.ts';

/**
 * A live list as one would write it by hand: Fastify and server-sent events over the same database. `per-client` encodes each event for each client, as
 * feeds do that send what each may see; `once` encodes it for all.
 */
const [databaseUrl = '', encoding = 'per-client'] = process.argv.slice(2);

const clients = new Set<ServerResponse>();
const app = fastify();

app.get('/feed', (request, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  reply.raw.write(': open\n\n');
  clients.add(reply.raw);
  request.raw.on('close', () => clients.delete(reply.raw));
});

await tailFeed(databaseUrl, (changes) => {
  for (const { seq, user } of changes) {
    const event = { type: 'upsert', user: toJsonUser(user) };
    if (encoding === 'once') {
      const bytes = Buffer.from(frame(seq, event));
      for (const client of clients) client.write(bytes);
    } else for (const client of clients) client.write(frame(seq, event));
  }
});

function frame(seq: number, event: object): string {
  return `id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`;
}

const address = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify({ msg: 'listening', port: Number(new URL(address).port) }));
