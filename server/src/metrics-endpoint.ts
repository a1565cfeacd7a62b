import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** Serves the metrics for Prometheus, on every address: who may reach the port is the network's matter. */
export function serveMetrics(registry: Registry, port: number, onError: (error: Error) => void): Server {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  });
  // Without metrics the server still serves.
  return server.on('error', onError).listen(port);
}
