import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** Serves the metrics for Prometheus, on every address: who may reach the port is the network's matter. */
export function serveMetrics(registry: Registry, port: number): Server {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  });
  return server.listen(port);
}
