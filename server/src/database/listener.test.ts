import { expect, onTestFinished, test } from 'vitest';
import { openTestDatabase } from '../testing/test-database.ts';
import { listen } from './listener.ts';

/** Listens on a channel and keeps what was heard. */
function hear(url: string) {
  const heard: string[] = [];
  const listener = listen({ url, password: undefined, onConnectionError: () => undefined }, 'ears', (event) =>
    heard.push(event),
  );
  onTestFinished(() => listener.close());
  return { heard, listener };
}

test('what is notified is heard', async () => {
  const { database, url } = await openTestDatabase();
  const { heard } = hear(url);
  await expect.poll(() => heard).toEqual(['connected']);
  await database.run(undefined, (connection) => connection.query('notify ears'));
  await expect.poll(() => heard).toEqual(['connected', 'notified']);
});

test('a listener whose connection was lost comes back, and says so', async () => {
  const { database, url } = await openTestDatabase();
  const { heard } = hear(url);
  await expect.poll(() => heard).toEqual(['connected']);
  await database.run(undefined, (connection) =>
    connection.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    ),
  );
  await expect.poll(() => heard, { timeout: 5000 }).toEqual(['connected', 'connected']);
  await database.run(undefined, (connection) => connection.query('notify ears'));
  await expect.poll(() => heard).toContain('notified');
});

test('a listener can be closed at any moment, also while it connects', async () => {
  const { url } = await openTestDatabase();
  for (let turns = 0; turns < 40; turns += 1) {
    const { listener } = hear(url);
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    await listener.close();
  }
});
