import { Client } from 'pg';

/** The advisory lock that says who uses the embedded PostgreSQL: `rstr` in ASCII. */
const lockKey = 0x72_73_74_72;

export type Membership = {
  /**
   * Ends the membership. True if nobody else is left: then nobody can join any more, and the caller must stop the
   * server. Rejects if the connection was lost.
   */
  leave(): Promise<boolean>;
  /** Settles when the connection ends, by `leave` or because the server stopped, crashed or cut it. */
  readonly ended: Promise<void>;
};

/** The answer of a server that runs but is about to be stopped by the last one who left. */
export const leaving = Symbol('leaving');

/**
 * Joins the users of a server by a connection that holds the lock shared. Who leaves asks for the same lock alone: it is
 * granted to the last one only, and held until the server is gone. The lock lives in the connection, so a user that was
 * killed counts as gone.
 */
export async function join(url: string): Promise<Membership | typeof leaving> {
  const client = new Client({
    connectionString: url,
    application_name: 'roster-stack',
    connectionTimeoutMillis: 5_000,
  });
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  client.on('error', () => {}); // The server may be stopped or killed at any time; `ended` and the next query tell.
  await client.connect();
  try {
    if (await ask(client, 'pg_try_advisory_lock_shared')) return { leave: () => leave(client), ended };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  await client.end();
  return leaving;
}

/** Of two that leave at the same moment both would be refused while each holds its share: so the share goes first. */
async function leave(client: Client): Promise<boolean> {
  await ask(client, 'pg_advisory_unlock_shared');
  const isLast = await ask(client, 'pg_try_advisory_lock');
  if (!isLast) await client.end();
  return isLast;
}

async function ask(client: Client, lockFunction: string): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>(`SELECT ${lockFunction}($1) AS granted`, [lockKey]);
  return rows[0]?.granted === true;
}
