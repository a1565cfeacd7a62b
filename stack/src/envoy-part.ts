import type { Address } from '@roster/envoy/render-config';
import { type RunningEnvoy, runEnvoy } from '@roster/envoy/run-envoy';
import type { RunFolder } from './run-folder.ts';
import { type Part, supervise } from './supervise.ts';

export type EnvoyPart = Part & {
  edgePort(): number;
  nativePort(): number;
  /** Changes with every start. */
  adminPort(): number;
  readonly logFile: string;
};

export type EnvoyPartOptions = {
  readonly binary: string;
  readonly runFolder: RunFolder;
  readonly port: number;
  readonly grpcPort: number;
  readonly hosts?: readonly string[];
  readonly origins?: readonly string[];
  readonly trustedHops?: number;
  readonly backends: readonly Address[];
  readonly page: Address;
  /** In place of what `envoy/envoy.yaml` says. */
  readonly envoyConfig?: string;
  readonly signal?: AbortSignal;
};

/** Keeps Envoy running. Ports that were free ones at first stay the same when it starts again. */
export async function superviseEnvoy(options: EnvoyPartOptions, say: (line: string) => void): Promise<EnvoyPart> {
  let envoy: RunningEnvoy | undefined;
  const launchOne = async () => {
    const started = await runEnvoy({
      binary: options.binary,
      runFolder: options.runFolder.path,
      concurrency: 2,
      signal: options.signal,
      configText: options.envoyConfig,
      onSpawn: (pid) => options.runFolder.record('Envoy', pid),
      // When it comes back, its servers may be down at the same time: it must not wait for them.
      readyTimeoutMs: envoy === undefined ? 30_000 : 0,
      settings: {
        edge: { host: '127.0.0.1', port: envoy?.edgePort ?? options.port },
        native: { host: '127.0.0.1', port: envoy?.nativePort ?? options.grpcPort },
        adminPort: 0,
        hosts: options.hosts ?? [],
        origins: options.origins ?? [],
        trustedHops: options.trustedHops ?? 0,
        backends: options.backends,
        web: options.page,
      },
    });
    envoy = started;
    return started;
  };
  const part = await supervise('proxy Envoy', launchOne, say);
  const current = () => {
    if (envoy === undefined) throw new Error('Envoy has not been started');
    return envoy;
  };
  return {
    ...part,
    edgePort: () => current().edgePort,
    nativePort: () => current().nativePort,
    adminPort: () => current().adminPort,
    logFile: current().logFile,
  };
}
