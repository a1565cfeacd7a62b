import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { createDatabase as createCopy } from '@roster/postgres/test-database';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { pino } from 'pino';
import { inject, onTestFinished } from 'vitest';
import { type App, startApp } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { createDatabase, type Database } from '../database/database.ts';

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
  readonly client: UserServiceClient;
  /** Straight to the same database, for what no call shows. */
  readonly database: Database;
  readonly databaseUrl: string;
}

/** Starts the real server on a free port, with a real database and a generated client; all end with the test. */
export async function startTestApp(settings: Partial<Config> = {}): Promise<TestApp> {
  const { close, ...app } = await openTestApp(settings);
  onTestFinished(close);
  return app;
}

/** The same for several tests of one file, to be closed by its `afterAll`. */
export async function openTestApp(settings: Partial<Config> = {}): Promise<TestApp & { close(): Promise<void> }> {
  const databaseUrl = settings.databaseUrl ?? (await createTestDatabase());
  const config: Config = {
    ...readConfig({ DATABASE_URL: databaseUrl }),
    listen: '127.0.0.1:0',
    logLevel: 'silent',
    databaseConnections: 10,
    ...settings,
  };
  const app = await startApp(config, pino({ level: config.logLevel }));
  const transport = new GrpcTransport({
    host: `127.0.0.1:${app.port}`,
    channelCredentials: ChannelCredentials.createInsecure(),
  });
  const database = createDatabase({
    url: databaseUrl,
    password: undefined,
    maxConnections: 3,
    statementTimeoutMs: 20_000,
    onConnectionError: () => undefined,
  });
  const close = async () => {
    transport.close();
    await app.stop();
    await database.close();
  };
  return { app, client: new UserServiceClient(transport), database, databaseUrl, close };
}
