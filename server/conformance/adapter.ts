import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { configFile, runEnvoy } from '@roster/envoy/run-envoy';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { RpcCall } from '../src/rpc/call.ts';
import { RpcError } from '../src/rpc/rpc-error.ts';
import { createRpcServer } from '../src/rpc/server.ts';
import { ServerCompatRequest, ServerCompatResponse } from './.cache/gen/connectrpc/conformance/v1/server_compat';
import { adaptConfig } from './adapt-config.ts';
import { createConformanceService } from './conformance-service.ts';

const host = '127.0.0.1';

/** Our RPC server with every interceptor that the product's has, serving the suite's methods. */
async function startServer(receivedMessageBytesMax: number) {
  const calls = new WeakMap<AbortSignal, RpcCall>();
  const service = createConformanceService(({ signal }) => {
    const call = calls.get(signal);
    if (!call) throw new Error('The call came past the interceptors.');
    return call;
  });
  const server = createRpcServer({
    services: [service],
    // The suite's callers have no credentials.
    access: {
      ruleOf: () => ({ isOpen: true, leastRole: UserRole.UNSPECIFIED, scope: undefined, needsFreshSignIn: false }),
      includesRole: () => true,
    },
    authenticate: () => undefined,
    outermost(call) {
      calls.set(call.signal, call);
      return withoutOurDetails;
    },
    // Standard output belongs to the runner.
    log: pino({ level: 'error' }, process.stderr),
    registry: new Registry(),
    draining: new AbortController(),
    limits: { stopMs: 500, ...(receivedMessageBytesMax > 0 && { receivedMessageBytesMax }) },
  });
  return { server, port: await server.listen(`${host}:0`) };
}

/** Every error of ours says its reason in a detail. The suite counts details, and knows of none in errors that it has not asked for itself. */
function withoutOurDetails(failure: unknown): unknown {
  if (!(failure instanceof RpcError)) return failure;
  const details = failure.details.filter(({ typeUrl }) => !typeUrl.endsWith('/google.rpc.ErrorInfo'));
  return new RpcError(failure.code, failure.message, details);
}

/** The product's Envoy in front of the server, with its own routes for the suite's methods. */
async function startEnvoy(binary: string, backendPort: number, { serverCreds, useTls }: ServerCompatRequest) {
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
  const tls = useTls ? { certificate: text(serverCreds?.cert), key: text(serverCreds?.key) } : undefined;
  const runFolder = mkdtempSync(join(tmpdir(), 'roster-conformance-'));
  const local = (port: number) => ({ host, port });
  const envoy = await runEnvoy({
    binary,
    runFolder,
    concurrency: 1,
    configText: adaptConfig(readFileSync(configFile, 'utf8'), tls),
    settings: {
      edge: local(0),
      native: local(0),
      adminPort: 0,
      hosts: [],
      origins: [],
      backends: [local(backendPort)],
      web: local(backendPort),
    },
  });
  return {
    envoy,
    async stop() {
      await envoy.stop();
      rmSync(runFolder, { recursive: true });
    },
  };
}

/** Reads the runner's one request, answers with the port, and serves until the runner has done. */
async function main([way, binary = '']: readonly string[]): Promise<void> {
  const ended = once(process, 'SIGTERM');
  const input = await buffer(process.stdin);
  const request = ServerCompatRequest.fromBinary(input.subarray(4, 4 + input.readUInt32BE(0)));
  const { server, port: serverPort } = await startServer(request.messageReceiveLimit);
  const proxy = way === 'direct' ? undefined : await startEnvoy(binary, serverPort, request);
  const port = way === 'edge' ? proxy?.envoy.edgePort : way === 'native' ? proxy?.envoy.nativePort : serverPort;
  const pemCert = request.useTls ? request.serverCreds?.cert : undefined;
  const message = ServerCompatResponse.toBinary(
    ServerCompatResponse.create({ host, ...(port && { port }), ...(pemCert && { pemCert }) }),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32BE(message.byteLength);
  process.stdout.write(Buffer.concat([size, message]));
  await ended;
  await proxy?.stop();
  await server.stop();
}

await main(process.argv.slice(2));
process.exit(0);
