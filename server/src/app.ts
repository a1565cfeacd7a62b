import { setTimeout as delay } from 'node:timers/promises';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { timing } from '@roster/proto/timing';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidV7 } from 'uuid';
import type { Config } from './config.ts';
import { createDatabase } from './database/database.ts';
import { listen } from './database/listener.ts';
import { migrate } from './database/migrate.ts';
import { readTokenKey } from './database/store-identity.ts';
import { createJumps } from './features/users/jumps.ts';
import { createUsersService } from './features/users/users-service.ts';
import { startHousekeeping } from './housekeeping.ts';
import { authenticateLocalOperator } from './rpc/interceptors/authenticate.ts';
import { createRpcServer } from './rpc/server.ts';
import { access } from './rules/access.ts';
import { createFeedStore } from './watch/feed-store.ts';
import { createTokenSealer } from './watch/sealed-token.ts';
import { createSequencer } from './watch/sequencer.ts';
import { createWatchHub } from './watch/watch-hub.ts';

/** A running server. */
export interface App {
  readonly port: number;
  readonly registry: Registry;
  /** Lets streams go, finishes calls, leaves the database. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** Whoever reaches the server on this machine, until sign-in lands. */
const operator = { id: 'operator', name: 'Local operator', role: UserRole.ADMIN, sessionId: undefined };

/** Puts the server together and starts it. */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const onError = (error: unknown) => log.error({ err: error }, 'background work failed');
  const databaseOptions = {
    url: config.databaseUrl,
    password: config.databasePassword,
    maxConnections: config.databaseConnections,
    statementTimeoutMs: 60_000,
    onConnectionError: (error: Error) => log.warn({ err: error }, 'database connection lost'),
  };
  const database = createDatabase(databaseOptions);
  await migrate(database);
  const feedStore = createFeedStore(database);
  const sealer = createTokenSealer(await readTokenKey(database));
  const sequencer = createSequencer(feedStore, { pollMs: 500, onError });
  const hub = await createWatchHub({
    store: feedStore,
    sealer,
    heartbeatMs: timing.heartbeatMs,
    maxAgeMs: timing.feedAgeMs,
    maxBehind: 20_000,
    pollMs: 500,
    onError,
  });
  const jumps = createJumps({ database, log: hub.log, onError });
  const listener = listen(databaseOptions, 'roster_feed', (event) =>
    event === 'connected' ? void hub.checkEpoch().catch(onError) : hub.hint(),
  );
  const housekeeping = startHousekeeping({ database, feedStore, intervalMs: 10 * 60_000, onError });

  const registry = new Registry();
  const draining = new AbortController();
  draining.signal.addEventListener('abort', () => hub.drain());
  const server = createRpcServer({
    services: [
      createUsersService({
        database,
        clock: () => new Date(),
        newId: uuidV7,
        onCommitted: sequencer.kick,
        hub,
        jumps,
        sealer,
        heartbeatMs: timing.heartbeatMs,
      }),
    ],
    access,
    authenticate: authenticateLocalOperator({ operator, hosts: config.hosts, trustedPeers: config.trustedPeers }),
    log,
    registry,
    draining,
    // With the time before, a stop takes less than ten seconds.
    limits: { stopMs: 5000 },
  });
  const port = await server.listen(config.listen);

  async function stop(): Promise<void> {
    server.drain();
    await delay(config.drainMs);
    await server.stop();
    await housekeeping.stop();
    await listener.close();
    await sequencer.stop();
    await jumps.stop();
    await hub.stop();
    await database.close();
  }

  let stopping: Promise<void> | undefined;
  return {
    port,
    registry,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
