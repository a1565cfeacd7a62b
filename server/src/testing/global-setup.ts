import { createDatabase as createEmptyDatabase, startTestPostgres } from '@roster/postgres/test-database';
import type { TestProject } from 'vitest/node';
import { createDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database without rows, to copy. */
    readonly templateUrl: string;
  }
}

/** Starts one PostgreSQL for all test files and migrates the database that each of them copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  const templateUrl = await createEmptyDatabase(postgres.url);
  const database = createDatabase({
    url: templateUrl,
    password: undefined,
    maxConnections: 1,
    statementTimeoutMs: 60_000,
    onConnectionError: () => undefined,
  });
  await migrate(database);
  await database.close();
  project.provide('templateUrl', templateUrl);
  return () => postgres.stop();
}
