import { HealthCheckResponse_ServingStatus as ServingStatus } from '@roster/proto/gen/grpc/health/v1/health';
import { healthDefinition } from '@roster/proto/gen/grpc/health/v1/health.grpc-server';
import { Code, errorInfo, RpcError } from './rpc-error.ts';
import { type BoundService, bindService } from './service.ts';

export interface Health {
  readonly service: BoundService;
  /** Tells balancers whether to send calls here. */
  setServing(isServing: boolean): void;
  /** Ends the Watch streams, which would keep the server from stopping. */
  close(): void;
}

/** Serves grpc.health.v1 for the server as a whole (the empty name) and for each of `serviceNames`, which share one state. */
export function createHealth(serviceNames: readonly string[]): Health {
  const names = ['', ...serviceNames];
  const closing = new AbortController();
  let status = ServingStatus.NOT_SERVING;
  let changed = Promise.withResolvers<void>();

  const statusOf = (service: string): ServingStatus =>
    names.includes(service) ? status : ServingStatus.SERVICE_UNKNOWN;

  const service = bindService(healthDefinition, {
    async check({ service }) {
      if (!names.includes(service)) {
        throw new RpcError(Code.NOT_FOUND, 'The server has no such service.', [errorInfo('SERVICE_UNKNOWN')]);
      }
      return { status };
    },
    async *watch({ service }, { signal }) {
      const ended = abortOf(AbortSignal.any([signal, closing.signal]));
      let sent: ServingStatus | undefined;
      while (!signal.aborted && !closing.signal.aborted) {
        const current = statusOf(service);
        if (current !== sent) yield { status: current };
        sent = current;
        if (statusOf(service) === sent) await Promise.race([changed.promise, ended]);
      }
    },
    async list() {
      return { statuses: Object.fromEntries(names.map((name) => [name, { status }])) };
    },
  });

  return {
    service,
    setServing(isServing) {
      status = isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    close: () => closing.abort(),
  };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
