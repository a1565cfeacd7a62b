import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { timing } from '@roster/proto/timing';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidV7 } from 'uuid';
import type { Config } from './config.ts';
import { createDatabase } from './database/database.ts';
import { listen } from './database/listener.ts';
import { migrate } from './database/migrate.ts';
import { readStoreId, readTokenKey } from './database/store-identity.ts';
import { createCredentialsService } from './features/credentials/credentials-service.ts';
import { createHistoryService } from './features/history/history-service.ts';
import { createSessionsService } from './features/sessions/sessions-service.ts';
import { createTokensService } from './features/tokens/tokens-service.ts';
import { createJumps } from './features/users/jumps.ts';
import { revertUserChange } from './features/users/revert-user-change.ts';
import { createUsersService } from './features/users/users-service.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createAuthenticate } from './identity/authenticate.ts';
import { createBackground } from './identity/background.ts';
import { readCommonPasswords } from './identity/common-passwords.ts';
import { createLiveCallers } from './identity/live-callers.ts';
import { createOidcProvider } from './identity/oidc-provider.ts';
import { createPasswordHasher } from './identity/password-hasher.ts';
import { createPasswords } from './identity/passwords.ts';
import { createRefusals } from './identity/refusals.ts';
import { createOidcCookie, createSessionCookie } from './identity/session-cookie.ts';
import { findLiveSessions } from './identity/session-store.ts';
import { findLiveTokens } from './identity/token-store.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import { createRpcServer } from './rpc/server.ts';
import { access, ruleOf } from './rules/access.ts';
import { createFeedSteps } from './watch/feed-steps.ts';
import { createFeedStore } from './watch/feed-store.ts';
import { pollEvery } from './watch/poll-every.ts';
import { createTokenSealer } from './watch/sealed-token.ts';
import { createSequencer } from './watch/sequencer.ts';
import { createWatchHub } from './watch/watch-hub.ts';

/** A running server. */
export interface App {
  readonly port: number;
  readonly registry: Registry;
  /** Resolves when another store has taken the place of the one that it was started over, by a restore: its keys are not those that this server signs with. */
  readonly replaced: Promise<void>;
  /** Lets streams go, finishes calls, leaves the database. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** Puts the server together and starts it. */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const onError = (error: unknown) => log.error({ err: error }, 'background work failed');
  const databaseOptions = {
    url: config.databaseUrl,
    password: config.databasePassword,
    maxConnections: config.databaseConnections,
    statementTimeoutMs: 60_000,
    // Whoever is linked at another provider cannot sign in, and counts as no admin.
    settings: { 'roster.oidc_provider': config.oidc?.issuer.href ?? '' },
    onConnectionError: (error: Error) => log.warn({ err: error }, 'database connection lost'),
  };
  const database = createDatabase(databaseOptions);
  await migrate(database);
  const tokenKey = await readTokenKey(database);
  const feedStore = createFeedStore(database);
  const sealer = createTokenSealer(tokenKey);
  const sequencer = createSequencer(feedStore, { pollMs: 500, onError });
  const liveCallers = createLiveCallers({
    findLiveSessions: (ids) => database.run(undefined, (connection) => findLiveSessions(connection, ids)),
    findLiveTokens: (ids) => database.run(undefined, (connection) => findLiveTokens(connection, ids)),
  });
  const storeId = await readStoreId(database);
  const cookie = createSessionCookie(storeId);
  const replaced = Promise.withResolvers<void>();
  const draining = new AbortController();
  const feedSteps = createFeedSteps({
    log: () => hub.log(),
    draining: draining.signal,
    heartbeatMs: timing.heartbeatMs,
    maxAgeMs: timing.feedAgeMs,
  });
  const passwords = createPasswords({ hasher: createPasswordHasher(hashing()), common: await readCommonPasswords() });
  const background = createBackground(onError);
  const hub = await createWatchHub({
    store: feedStore,
    sealer,
    heartbeatMs: timing.heartbeatMs,
    maxAgeMs: timing.feedAgeMs,
    maxBehind: 20_000,
    pollMs: 500,
    onEntries(entries) {
      liveCallers.tell(entries);
      feedSteps.tell(entries);
    },
    onEpoch: async () => {
      if ((await readStoreId(database)) !== storeId) replaced.resolve();
    },
    onError,
  });
  const stopped = new AbortController();
  const rechecking = pollEvery(timing.heartbeatMs, stopped.signal, () => liveCallers.recheck().catch(onError));
  const jumps = createJumps({ database, log: hub.log, onError });
  const listener = listen(databaseOptions, 'roster_feed', (event) =>
    event === 'connected' ? void hub.checkEpoch().catch(onError) : hub.hint(),
  );
  const refusals = createRefusals({ database, clock: () => new Date(), writeEveryMs: 5000, onError });
  const housekeeping = startHousekeeping({
    database,
    feedStore,
    binDays: config.binDays,
    onCommitted: sequencer.kick,
    intervalMs: 10 * 60_000,
    onError,
  });

  const registry = new Registry();
  draining.signal.addEventListener('abort', () => hub.drain());
  const usersParts = {
    database,
    clock: () => new Date(),
    newId: uuidV7,
    onCommitted: sequencer.kick,
    noteRefusal: refusals.note,
  };
  const server = createRpcServer({
    services: [
      createUsersService({ ...usersParts, hub, jumps, sealer, heartbeatMs: timing.heartbeatMs }),
      createHistoryService({
        database,
        sealer,
        feedSteps,
        feedLog: hub.log,
        heartbeatMs: timing.heartbeatMs,
        revertUserChange: revertUserChange(usersParts),
      }),
      createTokensService({ database, clock: () => new Date(), onCommitted: sequencer.kick }),
      createSessionsService({
        database,
        cookie,
        newId: uuidV7,
        onCommitted: sequencer.kick,
        oidc: config.oidc && {
          name: config.oidc.name,
          provider: createOidcProvider(config.oidc, { clock: () => new Date(), onProblem: onError }),
          cookie: createOidcCookie(storeId),
        },
        sendsMail: config.mail !== undefined,
        passwords,
        binDays: config.binDays,
      }),
      createCredentialsService({
        database,
        cookie,
        clock: () => new Date(),
        newId: uuidV7,
        onCommitted: sequencer.kick,
        mailer: config.mail && createSmtpMailer(config.mail),
        passwords,
        linkKey: tokenKey,
        background,
        onError,
      }),
    ],
    access,
    authenticate: createAuthenticate({
      database,
      cookie,
      liveCallers,
      origins: config.origins,
      isOpen: (method) => ruleOf(method)?.isOpen ?? false,
    }),
    noteRefusals: refusals.interceptor,
    trustedProxies: config.trustedProxies,
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
    // A mail server may take its time; a stop may not.
    await background.settled(2000);
    await refusals.stop();
    stopped.abort();
    await rechecking;
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
    replaced: replaced.promise,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Passwords are hashed on other cores than the one that answers calls; `libuv` has four threads for that, and for looking up host names. */
function hashing() {
  return { atOnce: Math.max(1, Math.min(4, availableParallelism() - 1)), waiting: 64 };
}
