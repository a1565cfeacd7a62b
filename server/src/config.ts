import { readFileSync } from 'node:fs';

/** The server's settings. This file alone reads the environment. */
export interface Config {
  readonly listen: string;
  readonly databaseUrl: string;
  readonly databasePassword: string | undefined;
  readonly databaseConnections: number;
  /** The names, without port, under which callers may address the server. */
  readonly hosts: readonly string[];
  /** Addresses besides loopback from which the local operator is let in. */
  readonly trustedPeers: readonly string[];
  /** 0: no metrics are served. */
  readonly metricsPort: number;
  readonly logLevel: string;
  /** How long a server that stops goes on answering after it has said NOT_SERVING: longer than a balancer needs to notice. */
  readonly drainMs: number;
}

/** What stands for `ROSTER_TRUSTED_PEERS=private`: a network that only the proxy of the same installation shares. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** A setting that cannot be used: says which and why. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const databaseUrl = environment['DATABASE_URL'];
  if (!databaseUrl) throw new ConfigError('DATABASE_URL is not set.');
  const passwordFile = environment['ROSTER_DATABASE_PASSWORD_FILE'];
  return {
    listen: environment['ROSTER_LISTEN'] ?? '127.0.0.1:50051',
    databaseUrl,
    databasePassword: passwordFile ? readSecret('ROSTER_DATABASE_PASSWORD_FILE', passwordFile) : undefined,
    databaseConnections: readNumber(environment, 'ROSTER_DATABASE_CONNECTIONS', 20),
    hosts: readList(environment['ROSTER_HOSTS'] ?? 'localhost,127.0.0.1,[::1]'),
    trustedPeers: readList(environment['ROSTER_TRUSTED_PEERS'] ?? '').flatMap((peer) =>
      peer === 'private' ? privateNetworks : [peer],
    ),
    metricsPort: readNumber(environment, 'ROSTER_METRICS_PORT', 0),
    logLevel: environment['ROSTER_LOG_LEVEL'] ?? 'info',
    drainMs: readNumber(environment, 'ROSTER_DRAIN_MS', 0),
  };
}

function readList(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function readNumber(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new ConfigError(`${name} must be a whole number, not “${text}”.`);
}

function readSecret(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new ConfigError(`${name}: the file ${path} cannot be read.`);
  }
}
