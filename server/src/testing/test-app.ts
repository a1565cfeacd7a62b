import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { createDatabase as createCopy } from '@roster/postgres/test-database';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { type Logger, pino } from 'pino';
import { inject, onTestFinished } from 'vitest';
import { type App, startApp } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { createDatabase, type Database } from '../database/database.ts';
import { createToken } from '../identity/token-store.ts';
import { scopes } from '../rules/access.ts';

/** A database of the test's own: migrated, without rows. */
export function createTestDatabase(): Promise<string> {
  const template = inject('templateUrl');
  // A connection to the template itself would keep the other test files from copying it.
  const elsewhere = new URL(template);
  elsewhere.pathname = '/postgres';
  return createCopy(elsewhere.toString(), { template });
}

export interface TestApp {
  readonly app: App;
  /** What `client` calls with: it may call everything that a program may. */
  readonly token: { readonly id: string; readonly text: string };
  readonly transport: GrpcTransport;
  readonly client: UserServiceClient;
  /** Straight to the same database, for what no call shows. */
  readonly database: Database;
  readonly databaseUrl: string;
}

/** `token`: one that the database knows already; by default a new one. `log`: by default none. */
export type TestSettings = Partial<Config> & { readonly token?: TestApp['token']; readonly log?: Logger };

/** Starts the real server on a free port, with a real database and a generated client; all end with the test. */
export async function startTestApp(settings: TestSettings = {}): Promise<TestApp> {
  const { close, ...app } = await openTestApp(settings);
  onTestFinished(close);
  return app;
}

/** The same for several tests of one file, to be closed by its `afterAll`. */
export async function openTestApp({
  token: known,
  log,
  ...settings
}: TestSettings = {}): Promise<TestApp & { close(): Promise<void> }> {
  const databaseUrl = settings.databaseUrl ?? (await createTestDatabase());
  const config: Config = {
    ...readConfig({ DATABASE_URL: databaseUrl }),
    listen: '127.0.0.1:0',
    logLevel: 'silent',
    databaseConnections: 10,
    ...settings,
  };
  const app = await startApp(config, log ?? pino({ level: config.logLevel }));
  const database = createDatabase({
    url: databaseUrl,
    password: undefined,
    maxConnections: 3,
    statementTimeoutMs: 20_000,
    onConnectionError: () => undefined,
  });
  const token = known ?? (await createTestToken(database));
  const transport = new GrpcTransport({
    host: `127.0.0.1:${app.port}`,
    channelCredentials: ChannelCredentials.createInsecure(),
    meta: { authorization: `Bearer ${token.text}` },
  });
  const close = async () => {
    transport.close();
    await app.stop();
    await database.close();
  };
  return { app, token, transport, client: new UserServiceClient(transport), database, databaseUrl, close };
}

/** A token of a program; it belongs to nobody and has all rights unless told otherwise. */
export function createTestToken(
  database: Database,
  rights: { readonly role?: UserRole; readonly scopes?: readonly string[]; readonly ownerId?: string } = {},
): Promise<{ readonly id: string; readonly text: string }> {
  const expiresAt = new Date(Date.now() + 3_600_000);
  return database.transaction(undefined, (connection) =>
    createToken(connection, {
      name: 'A test',
      role: rights.role ?? UserRole.ADMIN,
      scopes: rights.scopes ?? scopes,
      ownerId: rights.ownerId,
      parentId: undefined,
      expiresAt,
    }),
  );
}
