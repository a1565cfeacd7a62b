import { onTestFinished } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../database/database.ts';
import { createTestDatabase } from './test-app.ts';

/** A database of the test's own, without a server over it; ends with the test. */
export async function openTestDatabase(
  options: Partial<Pick<DatabaseOptions, 'url' | 'maxConnections' | 'settings'>> = {},
): Promise<{
  readonly database: Database;
  readonly url: string;
  /** The errors of connections that broke while nothing ran on them. */
  readonly connectionErrors: readonly Error[];
}> {
  const url = options.url ?? (await createTestDatabase());
  const connectionErrors: Error[] = [];
  const database = createDatabase({
    url,
    password: undefined,
    maxConnections: options.maxConnections ?? 2,
    statementTimeoutMs: 20_000,
    onConnectionError: (error) => connectionErrors.push(error),
    settings: options.settings ?? {},
  });
  onTestFinished(() => database.close());
  return { database, url, connectionErrors };
}
