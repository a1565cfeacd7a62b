import fastify from 'fastify';
import { createPageReader, jsonOf } from './lib/read-page.ts';

/** The plain way with REST: Fastify, `pg`, JSON. */
const [databaseUrl = ''] = process.argv.slice(2);
const readPage = createPageReader(databaseUrl);

const app = fastify();
app.get<{ Querystring: { size: string } }>('/users', async ({ query }) =>
  (await readPage(Number(query.size))).map(jsonOf),
);
const address = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify({ msg: 'listening', port: Number(new URL(address).port) }));
