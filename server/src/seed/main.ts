import { readConfig } from '../config.ts';
import { createDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { seedUsers } from './seed-users.ts';

async function main(): Promise<void> {
  const text = process.argv[2] ?? '';
  if (!/^[1-9]\d{0,7}$/.test(text))
    throw new Error('seed takes the number of people to add, from 1 to 99999999, for example: seed 1000');
  const count = Number(text);
  const { databaseUrl, databasePassword } = readConfig(process.env);
  const store = { url: databaseUrl, password: databasePassword };
  const database = createDatabase({
    ...store,
    maxConnections: 1,
    statementTimeoutMs: 0,
    onConnectionError: () => undefined,
  });
  await migrate(database);
  await database.close();
  const startedAt = performance.now();
  let shownAt = startedAt;
  await seedUsers(store, count, (done) => {
    if (done < count && performance.now() - shownAt < 2000) return;
    shownAt = performance.now();
    const seconds = (shownAt - startedAt) / 1000;
    console.log(
      `${done.toLocaleString('en')} of ${count.toLocaleString('en')} people, ${Math.round(done / seconds).toLocaleString('en')} a second`,
    );
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
