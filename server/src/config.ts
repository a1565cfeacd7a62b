import { readFileSync } from 'node:fs';

/** Where mails go out. */
export interface MailSettings {
  /** `smtp:` or `smtps:`, with user and password where the server asks for them. */
  readonly smtpUrl: string;
  /** An address, or `Name <address>`. */
  readonly from: string;
  /** The origin of the console, for the links in mails. */
  readonly publicUrl: string;
}

/** The OpenID provider at which people may sign in. */
export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** On the button. */
  readonly name: string;
}

/** The server's settings. This file alone reads the environment. */
export interface Config {
  readonly listen: string;
  readonly databaseUrl: string;
  readonly databasePassword: string | undefined;
  readonly databaseConnections: number;
  /** Origins, beside the server's own, whose pages may call with a session's cookie. */
  readonly origins: readonly string[];
  /** Addresses and ranges, besides loopback, of proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies: readonly string[];
  /** Undefined: no mails are sent. */
  readonly mail: MailSettings | undefined;
  /** Undefined: nobody signs in elsewhere. */
  readonly oidc: OidcSettings | undefined;
  /** How many days deleted users stay in the bin before they are erased for good; 0: for ever. */
  readonly binDays: number;
  /** 0: no metrics are served. */
  readonly metricsPort: number;
  readonly logLevel: string;
  /** How long a server that stops goes on answering after it has said NOT_SERVING: longer than a balancer needs to notice. */
  readonly drainMs: number;
}

/** What stands for `ROSTER_TRUSTED_PROXIES=private`: a network that only the proxy of the same installation shares. */
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
    origins: readList(environment['ROSTER_ORIGINS'] ?? ''),
    trustedProxies: readList(environment['ROSTER_TRUSTED_PROXIES'] ?? '').flatMap((proxy) =>
      proxy === 'private' ? privateNetworks : [proxy],
    ),
    mail: readMail(environment),
    oidc: readOidc(environment),
    binDays: readNumber(environment, 'ROSTER_BIN_DAYS', 30),
    metricsPort: readNumber(environment, 'ROSTER_METRICS_PORT', 0),
    logLevel: environment['ROSTER_LOG_LEVEL'] ?? 'info',
    drainMs: readNumber(environment, 'ROSTER_DRAIN_MS', 0),
  };
}

/** No message quotes SMTP_URL: it may hold a password. */
function readMail(environment: NodeJS.ProcessEnv): MailSettings | undefined {
  const smtpUrl = environment['SMTP_URL'];
  if (!smtpUrl) return undefined;
  if (!/^smtps?:$/.test(parseUrl(smtpUrl)?.protocol ?? '')) {
    throw new ConfigError('SMTP_URL must be a URL like smtps://user:password@mail.example.org.');
  }
  const from = required(environment, 'ROSTER_MAIL_FROM', 'SMTP_URL');
  if (!/^(?:[^<>\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u.test(from)) {
    throw new ConfigError(`ROSTER_MAIL_FROM must be an address, or a name and <address>, not “${from}”.`);
  }
  const publicUrl = required(environment, 'ROSTER_PUBLIC_URL', 'SMTP_URL').replace(/\/$/, '');
  if (!/^https?:/.test(publicUrl) || parseUrl(publicUrl)?.origin !== publicUrl) {
    throw new ConfigError(`ROSTER_PUBLIC_URL must be an origin like https://roster.example.org, not “${publicUrl}”.`);
  }
  return { smtpUrl, from, publicUrl };
}

function readOidc(environment: NodeJS.ProcessEnv): OidcSettings | undefined {
  const text = environment['ROSTER_OIDC_ISSUER'];
  if (!text) return undefined;
  const issuer = parseUrl(text);
  // Whoever can read or change what the provider answers can sign in as anybody.
  const isSafe = issuer?.protocol === 'https:' || (issuer?.protocol === 'http:' && isLoopback(issuer.hostname));
  if (!issuer || !isSafe || issuer.search || issuer.hash) {
    throw new ConfigError(`ROSTER_OIDC_ISSUER must be an https: URL without ? and #, not “${text}”.`);
  }
  const secretFile = required(environment, 'ROSTER_OIDC_CLIENT_SECRET_FILE', 'ROSTER_OIDC_ISSUER');
  return {
    issuer,
    clientId: required(environment, 'ROSTER_OIDC_CLIENT_ID', 'ROSTER_OIDC_ISSUER'),
    clientSecret: readSecret('ROSTER_OIDC_CLIENT_SECRET_FILE', secretFile),
    name: environment['ROSTER_OIDC_NAME'] || issuer.hostname,
  };
}

function required(environment: NodeJS.ProcessEnv, name: string, because: string): string {
  const text = environment[name];
  if (text) return text;
  throw new ConfigError(`${name} is not set. It is needed with ${because}.`);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
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
