import { accessSync, constants, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isHealthyMember } from '@roster/envoy/admin';
import { noticeMs } from '@roster/envoy/drain';
import { envoyVersion, findEnvoy } from '@roster/envoy/find-envoy';
import type { Address } from '@roster/envoy/render-config';
import { ensurePageBuilt, ensureServerBuilt } from './build.ts';
import { sharedEnvoyFolder } from './config.ts';
import { type Database, startDatabase } from './database.ts';
import { type EnvoyPart, superviseEnvoy } from './envoy-part.ts';
import { launch } from './launch.ts';
import { inRoot, root } from './paths.ts';
import { assertPortFree, freePort } from './ports.ts';
import { endOrphans, openRunFolder, type RunFolder } from './run-folder.ts';
import { type Part, supervise } from './supervise.ts';

export type Say = (line: string) => void;

export type StackOptions = {
  /** Data, run files, and Envoy if it must be installed. */
  readonly home: string;
  /** Browsers come in here. 0 takes a free port. */
  readonly port: number;
  /** Native gRPC clients come in here. 0 takes a free port. */
  readonly grpcPort: number;
  /** Undefined: the embedded PostgreSQL of the home. */
  readonly databaseUrl?: string | undefined;
  readonly origins?: readonly string[];
  readonly hosts?: readonly string[];
  /** How many proxies of ours stand before Envoy. */
  readonly trustedHops?: number;
  readonly serverCount?: number;
  /** More settings for every server. */
  readonly serverSettings?: Readonly<Record<string, string>>;
  /** Undefined: the built page. An address is that of another server of the page. */
  readonly page?: Address;
  /** In place of what `envoy/envoy.yaml` says, for tests of other limits. */
  readonly envoyConfig?: string;
  readonly envoyFolder?: string;
  readonly envoyPath?: string | undefined;
  readonly searchPath?: string | undefined;
  /** False only in tests: the embedded PostgreSQL flushes nothing. */
  readonly isDurable?: boolean;
  /** Is told what takes long and what goes wrong while the stack runs. */
  readonly say?: Say;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
};

export type Stack = {
  /** `http://localhost:8080` */
  readonly url: string;
  /** `localhost:50051`, plain gRPC without TLS. */
  readonly grpcUrl: string;
  readonly databaseUrl: string;
  readonly servers: readonly ServerPart[];
  readonly envoy: EnvoyPart;
  /** Where the parts write their logs. */
  readonly runFolder: string;
  /** Ends everything in order: servers, Envoy, page, PostgreSQL. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): Promise<void>;
};

export type ServerPart = Part & {
  readonly port: number;
  /** Replaces it: settles when calls come to it again, so that the next one may be replaced and no call finds nobody. */
  restart(): Promise<void>;
};

/** What runs so far; a start that fails ends it again. */
type Started = {
  database?: Database;
  page?: Part;
  servers: readonly ServerPart[];
  envoy?: EnvoyPart;
};

/** Starts PostgreSQL, servers, page and Envoy on this machine. If one of them cannot start, nothing is left behind. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const say = options.say ?? (() => {});
  for (const name of await endOrphans(options.home)) say(`Ended the ${name} of a Roster that was killed.`);
  await assertPortFree(options.port, 'ROSTER_PORT');
  await assertPortFree(options.grpcPort, 'ROSTER_GRPC_PORT');
  const runFolder = openRunFolder(options.home);
  const started: Started = { servers: [] };
  const end = async (how: 'stop' | 'kill') => {
    await endAll(started, how);
    runFolder.remove();
  };
  try {
    const { database, envoy } = await startParts(options, say, runFolder, started);
    return {
      url: `http://localhost:${envoy.edgePort()}`,
      grpcUrl: `localhost:${envoy.nativePort()}`,
      databaseUrl: database.url,
      servers: started.servers,
      envoy,
      runFolder: runFolder.path,
      stop: () => end('stop'),
      kill: () => end('kill'),
    };
  } catch (error) {
    await endAll(started, 'kill');
    if (options.signal?.aborted) runFolder.remove();
    else runFolder.abandon();
    throw error;
  }
}

async function startParts(options: StackOptions, say: Say, runFolder: RunFolder, started: Started) {
  const [database, binary] = await allOf([
    startDatabase(options, say).then((part) => {
      started.database = part;
      return part;
    }),
    findEnvoy({ ...options, folder: envoyFolder(options), onInstall: () => say('Fetching Envoy 1.40 (37 MB) …') }),
    ensureServerBuilt(say),
    options.page === undefined ? ensurePageBuilt(say) : undefined,
  ] as const);
  options.signal?.throwIfAborted();
  const page = options.page ?? (await startPage(options, runFolder, say, started));
  await startServers(options, database.url, runFolder, say, started);
  options.signal?.throwIfAborted();
  const backends = started.servers.map(({ port }) => local(port));
  const envoy = await superviseEnvoy({ ...options, binary, runFolder, page, backends }, say);
  started.envoy = envoy;
  options.signal?.throwIfAborted();
  return { database, envoy };
}

async function startPage({ signal }: StackOptions, runFolder: RunFolder, say: Say, started: Started): Promise<Address> {
  const address = local(await freePort());
  // A copy, because the next build takes the files away under whoever serves them.
  const files = join(runFolder.path, 'page');
  cpSync(inRoot('web/dist/page'), files, { recursive: true });
  const settings = { ROSTER_WEB_HOST: address.host, ROSTER_WEB_PORT: String(address.port), ROSTER_WEB_ROOT: files };
  const launchOne = () => launch({ name: 'page', script: inRoot('web/dist/serve.js'), settings, runFolder, signal });
  started.page = await supervise('page', launchOne, say);
  return address;
}

/** One after the other: the first one migrates the database, and no two of them are given the same port. */
async function startServers(
  options: StackOptions,
  databaseUrl: string,
  runFolder: RunFolder,
  say: Say,
  started: Started,
) {
  const count = options.serverCount ?? 1;
  for (let number = 1; number <= count; number += 1) {
    const name = count === 1 ? 'server' : `server ${number}`;
    const port = await freePort();
    const settings = {
      ROSTER_LISTEN: `127.0.0.1:${port}`,
      DATABASE_URL: databaseUrl,
      ROSTER_ORIGINS: (options.origins ?? []).join(','),
      // One that is alone has nobody to leave its callers to.
      ROSTER_DRAIN_MS: String(count > 1 ? noticeMs : 0),
      ...options.serverSettings,
    };
    const { signal } = options;
    const launchOne = () => launch({ name, script: inRoot('server/dist/main.js'), settings, runFolder, signal });
    const part = await supervise(name, launchOne, say);
    const restart = async () => {
      await part.restart();
      await whenReached(local(port), part, started);
    };
    started.servers = [...started.servers, { ...part, port, restart }];
  }
}

/** Waits until Envoy sends calls and feeds to the server, or the server is down again. */
async function whenReached(address: Address, server: Part, started: Started): Promise<void> {
  const isReached = async () => {
    const adminPort = started.envoy?.adminPort() ?? 0;
    const clusters = ['backend', 'feed'].map((cluster) => isHealthyMember(adminPort, cluster, address));
    return (await Promise.all(clusters)).every((isMember) => isMember);
  };
  const giveUpAt = Date.now() + 30_000;
  // While Envoy itself is restarted it answers nothing.
  while (server.isRunning() && !(await isReached().catch(() => false))) {
    if (Date.now() > giveUpAt) throw new Error(`The ${server.name} runs, but Envoy does not send calls to it`);
    await wait(20);
  }
}

/** Servers go first and finish what they are doing: Envoy must still carry their last words, and PostgreSQL their writes. */
async function endAll({ servers, envoy, page, database }: Started, how: 'stop' | 'kill'): Promise<void> {
  await Promise.all(servers.map((server) => server[how]()));
  await envoy?.[how]();
  await page?.[how]();
  await database?.[how]();
}

/** Waits for all, also when one fails: so that nothing is still starting while the rest is being ended. */
async function allOf<T extends readonly unknown[]>(parts: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

/** One Envoy serves all homes of a checkout, unless the checkout is somebody else's. */
function envoyFolder({ home, envoyFolder: chosen }: StackOptions): string {
  if (chosen !== undefined) return chosen;
  if (existsSync(join(sharedEnvoyFolder, envoyVersion))) return sharedEnvoyFolder;
  try {
    accessSync(root, constants.W_OK);
    return sharedEnvoyFolder;
  } catch {
    return join(home, 'envoy');
  }
}

function local(port: number): Address {
  return { host: '127.0.0.1', port };
}
