import { resolve } from 'node:path';
import { inRoot, root } from './paths.ts';

/** A setting that cannot be used: says which and why. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

export type StackConfig = {
  readonly port: number;
  readonly grpcPort: number;
  readonly home: string;
  /** Where the command was typed: paths that it is given start there. pnpm runs scripts elsewhere and says so. */
  readonly callerFolder: string;
  /** Undefined: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** Origins of pages elsewhere that may call, each as `scheme://host[:port]`. */
  readonly origins: readonly string[];
  /** Host names besides localhost that Roster answers to. */
  readonly hosts: readonly string[];
  /** How many proxies of ours stand before Envoy, each of which appends its caller's address to `x-forwarded-for`. */
  readonly trustedHops: number;
  /** The origin by which browsers reach Roster, where that is not this machine. */
  readonly publicUrl: string | undefined;
  readonly serverCount: number;
  readonly envoyPath: string | undefined;
  readonly searchPath: string | undefined;
};

export function readConfig(environment: NodeJS.ProcessEnv = process.env): StackConfig {
  return {
    port: readInteger(environment, 'ROSTER_PORT', 8080, 65_535),
    grpcPort: readInteger(environment, 'ROSTER_GRPC_PORT', 50_051, 65_535),
    home: resolve(root, environment['ROSTER_HOME'] || '.roster'),
    callerFolder: environment['INIT_CWD'] || process.cwd(),
    databaseUrl: environment['DATABASE_URL'] || undefined,
    origins: readList(environment['ROSTER_ORIGINS']).map(readOrigin),
    hosts: readList(environment['ROSTER_HOSTS']).map(readHost),
    trustedHops: readInteger(environment, 'ROSTER_TRUSTED_HOPS', 0, 9),
    publicUrl: readPublicUrl(environment['ROSTER_PUBLIC_URL']),
    serverCount: readInteger(environment, 'ROSTER_SERVERS', 1, 32, 1),
    envoyPath: environment['ENVOY_PATH'] || undefined,
    searchPath: environment['PATH'],
  };
}

/** Where the checkout's own start keeps Envoy, so that tests with homes of their own need no second download. */
export const sharedEnvoyFolder = inRoot('.roster/envoy');

/** The environment of a child: ours, with the settings that it reads instead of those that we read. */
export function childEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

export type TestConfig = {
  /** ROSTER_CHROMIUM: the browser of the end-to-end tests. */
  readonly chromium: string | undefined;
  readonly searchPath: string;
};

export function readTestConfig(environment: NodeJS.ProcessEnv = process.env): TestConfig {
  return { chromium: environment['ROSTER_CHROMIUM'] || undefined, searchPath: environment['PATH'] ?? '' };
}

function readInteger(environment: NodeJS.ProcessEnv, name: string, fallback: number, most: number, least = 0): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new SettingError(`${name} must be a whole number from ${least} to ${most}, not “${text}”.`);
}

function readList(text = ''): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text) return text;
  throw new SettingError(`ROSTER_ORIGINS must list origins like http://localhost:5173, not “${text}”.`);
}

function readPublicUrl(text = ''): string | undefined {
  const origin = text.replace(/\/$/, '');
  if (origin === '' || (URL.canParse(origin) && new URL(origin).origin === origin)) return origin || undefined;
  throw new SettingError(`ROSTER_PUBLIC_URL must be an origin like https://roster.example.org, not “${text}”.`);
}

function readHost(text: string): string {
  if (/^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])$/i.test(text)) return text.toLowerCase();
  throw new SettingError(`ROSTER_HOSTS must list host names without port, not “${text}”.`);
}
