import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectionSettings, type DatabaseOptions } from './database.ts';

/** A connection that hears NOTIFY on one channel and comes back by itself. */
export interface Listener {
  close(): Promise<void>;
}

/**
 * Listens on `channel`. What is notified while the connection is down is lost, so `onHint` is called after each (re)connect as well: a hint only says that it
 * is worth looking.
 */
export function listen(
  options: Pick<DatabaseOptions, 'url' | 'password' | 'onConnectionError'>,
  channel: string,
  onHint: (event: 'connected' | 'notified') => void,
): Listener {
  const stopped = new AbortController();
  let current: pg.Client | undefined;

  async function connect(): Promise<void> {
    const client = new pg.Client({ ...connectionSettings(options), connectionTimeoutMillis: 5000, keepAlive: true });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', options.onConnectionError);
    client.on('notification', () => onHint('notified'));
    try {
      await client.connect();
      current = client;
      // Whoever closes while the connection is being made finds none to end.
      if (stopped.signal.aborted) return;
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      onHint('connected');
      await ended;
    } finally {
      current = undefined;
      await client.end().catch(() => undefined);
    }
  }

  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await connect().catch(options.onConnectionError);
      await delay(500, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();

  return {
    async close() {
      stopped.abort();
      await current?.end().catch(() => undefined);
      await loop;
    },
  };
}
