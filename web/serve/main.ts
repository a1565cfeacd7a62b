import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readServeConfig } from './config.ts';
import { createSite } from './site.ts';

const config = readServeConfig();
const server = createServer({ keepAliveTimeout: 65 * 60_000 }, createSite(config.root)); // Envoy keeps idle connections for an hour.

server.on('error', (error) => {
  console.error(JSON.stringify({ msg: `cannot listen: ${error.message}` }));
  process.exit(1);
});
server.listen(config.port, config.host, () => {
  console.log(JSON.stringify({ msg: 'listening', port: (server.address() as AddressInfo).port }));
});

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 3_000).unref();
  });
