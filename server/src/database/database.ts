import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { cancelOnAbort } from './cancel-query.ts';
import { connectionOver } from './connection-over.ts';
import { connectionTypes } from './connection-types.ts';
import { forgetValues } from './forget-values.ts';
import { isDeadlock, isFatal } from './pg-errors.ts';
import type { Prepared } from './prepared.ts';

/** One connection, for the length of the work that was given to `Database`. */
export interface Connection {
  /** Runs one statement, given as text or prepared. int8 comes as number, timestamptz as epoch milliseconds, bytea as Buffer. */
  query<Row extends object = Record<string, unknown>>(
    statement: string | Prepared,
    parameters?: readonly unknown[],
  ): Promise<Row[]>;
  /** Runs several statements without parameters. */
  script(text: string): Promise<void>;
}

type Work<T> = (connection: Connection) => Promise<T>;

/**
 * The store's PostgreSQL.
 *
 * Each call borrows one connection. When `signal` aborts, the running statement is cancelled in the database too, and the call rejects
 * with the signal's reason.
 */
export interface Database {
  /** Without a transaction of its own. */
  run<T>(signal: AbortSignal | undefined, work: Work<T>): Promise<T>;
  /** READ COMMITTED; commits if the work resolves. Where PostgreSQL breaks a deadlock by rolling back, the work runs again. */
  transaction<T>(signal: AbortSignal | undefined, work: Work<T>): Promise<T>;
  /** REPEATABLE READ, read only: everything read belongs to one moment. */
  snapshot<T>(signal: AbortSignal | undefined, work: Work<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly password: string | undefined;
  readonly maxConnections: number;
  /** The backstop for statements that no signal ends. */
  readonly statementTimeoutMs: number;
  /** What the store's own functions ask for by `current_setting`, for example `roster.oidc_provider`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told of connections that broke; the pool replaces them. */
  readonly onConnectionError: (error: Error) => void;
}

const deadlockAttempts = 4;

export function createDatabase(options: DatabaseOptions): Database {
  const settings = connectionSettings(options);
  const pool = new pg.Pool({
    ...settings,
    max: options.maxConnections,
    connectionTimeoutMillis: 5000,
    options: startOptions({
      statement_timeout: String(options.statementTimeoutMs),
      idle_in_transaction_session_timeout: '60000',
      ...options.settings,
    }),
  });
  // Cancel requests must not wait behind the very statements that they cancel.
  const cancelPool = new pg.Pool({ ...settings, max: 2, connectionTimeoutMillis: 5000, idleTimeoutMillis: 30_000 });
  for (const each of [pool, cancelPool]) {
    // A connection that breaks emits its error, lent or idle, and unheard that ends the process. The pool hears only its idle ones.
    each.on('connect', (client) => client.on('error', options.onConnectionError));
    each.on('error', () => undefined);
  }

  async function borrow<T>(signal: AbortSignal | undefined, begin: string | undefined, work: Work<T>): Promise<T> {
    signal?.throwIfAborted();
    const client = await pool.connect();
    const cancellation = cancelOnAbort(client, cancelPool, signal);
    let broken: Error | undefined;
    try {
      if (begin) await client.query(begin);
      const result = await work(connectionOver(client, signal));
      if (begin) await client.query('commit');
      return result;
    } catch (error) {
      forgetValues(error);
      if (isFatal(error)) broken = error;
      else if (begin) broken = await rollback(client);
      signal?.throwIfAborted();
      throw error;
    } finally {
      await cancellation.settled();
      client.release(broken);
    }
  }

  return {
    run: (signal, work) => borrow(signal, undefined, work),
    transaction: (signal, work) => againAfterDeadlock(() => borrow(signal, 'begin', work)),
    snapshot: (signal, work) => borrow(signal, 'begin isolation level repeatable read read only', work),
    close: async () => {
      await pool.end();
      await cancelPool.end();
    },
  };
}

/** Two loads that insert the same users in different orders, for one, meet in a deadlock; PostgreSQL ends one of them. */
async function againAfterDeadlock<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDeadlock(error) || attempts === deadlockAttempts) throw error;
      // At once, it could take its first lock again before the other has woken up.
      await delay(Math.random() * 50 * attempts);
    }
  }
}

/** The part of the settings that every connection to the store shares. */
export function connectionSettings(options: Pick<DatabaseOptions, 'url' | 'password'>): pg.ClientConfig {
  return {
    connectionString: options.password === undefined ? options.url : withPassword(options.url, options.password),
    types: connectionTypes,
    application_name: 'roster',
  };
}

function startOptions(settings: Readonly<Record<string, string>>): string {
  const escaped = (text: string) => text.replaceAll(/[\\\s]/g, '\\$&');
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${escaped(value)}`)
    .join(' ');
}

/** Puts the password into the URL, because `pg` lets a URL without one overrule the setting beside it. */
function withPassword(url: string, password: string): string {
  const parsed = new URL(url);
  parsed.password = encodeURIComponent(password);
  return parsed.href;
}

/** Rolls back; a connection that cannot even do that is not used again. */
async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
