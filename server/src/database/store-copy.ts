import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { connectionOver } from './connection-over.ts';
import { type Connection, connectionSettings, type DatabaseOptions } from './database.ts';

type Options = Pick<DatabaseOptions, 'url' | 'password'>;

/** A table as it is copied: without columns that the database makes by itself. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The whole store at one moment. */
export interface StoreReader extends Connection {
  /** The rows of a table in the text format of COPY; each ends with a newline, and no other newline is in it. */
  rowsOf(table: TableShape): AsyncIterable<Buffer>;
}

/** The whole store, while nobody else writes to it. */
export interface StoreWriter extends Connection {
  /** Adds rows as `rowsOf` gave them; resolves with their number. */
  addRows(table: TableShape, rows: AsyncIterable<Buffer>): Promise<number>;
  /**
   * Aborts once the connection has ended, whatever ended it: who waits for rows to add waits in vain, and holds up the end of the copy that they were for.
   */
  readonly gone: AbortSignal;
}

/** Reads in one transaction, REPEATABLE READ: whatever is written meanwhile is in all tables or in none. */
export function readStore<T>(options: Options, work: (reader: StoreReader) => Promise<T>): Promise<T> {
  return inTransaction(options, 'begin isolation level repeatable read read only', (client) =>
    work({
      ...connectionOver(client),
      rowsOf: (table) => client.query(copyTo(`copy ${target(table)} to stdout`)),
    }),
  );
}

/** Writes in one transaction: all of it or nothing. Others can go on reading what was there before. */
export function writeStore<T>(options: Options, work: (writer: StoreWriter) => Promise<T>): Promise<T> {
  return inTransaction(options, 'begin', async (client) => {
    // Entries of the search indexes are gathered and merged in one go; one by one they take most of the time.
    await client.query(`set local gin_pending_list_limit = '512MB'`);
    return work({
      ...connectionOver(client),
      async addRows(table, rows) {
        const copy = client.query(copyFrom(`copy ${target(table)} from stdin`));
        await pipeline(Readable.from(rows, { objectMode: false }), copy);
        return copy.rowCount;
      },
      gone: goneOf(client),
    });
  });
}

/** All tables of the store with those first that others refer to, as of the reader's or writer's moment. `schema_migrations` is not among them. */
export async function readTableShapes({ query }: Connection): Promise<readonly TableShape[]> {
  const tables = await query<{ name: string; columns: string[]; refers_to: string[] }>(
    `select c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       array(select distinct f.confrelid::regclass::text from pg_constraint f
             where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as refers_to
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_migrations'
     order by c.relname`,
  );
  const ordered: TableShape[] = [];
  const isPlaced = (name: string) => ordered.some((table) => table.name === name);
  while (ordered.length < tables.length) {
    const next = tables.filter((table) => !isPlaced(table.name) && table.refers_to.every(isPlaced));
    if (next.length === 0) throw new Error('tables that refer to each other cannot be copied one after the other');
    ordered.push(...next.map(({ name, columns }) => ({ name, columns })));
  }
  return ordered;
}

/** The last number that each sequence of the store has given, and whether it has given any. Read after the rows, it is no less than what they hold. */
export async function readSequences({ query }: Connection): Promise<ReadonlyMap<string, SequenceState>> {
  const names = await query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1`,
  );
  const states = new Map<string, SequenceState>();
  for (const { name } of names) {
    const [state] = await query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${pg.escapeIdentifier(name)}`,
    );
    if (state) states.set(name, state);
  }
  return states;
}

export interface SequenceState {
  readonly last: string;
  readonly called: boolean;
}

/** Not undone by a rollback, so to be done last. */
export async function setSequence({ query }: Connection, name: string, { last, called }: SequenceState): Promise<void> {
  await query('select setval($1::regclass, $2::bigint, $3)', [pg.escapeIdentifier(name), last, called]);
}

/** Makes the planner know what is there, and lets the search indexes merge what was gathered. */
export async function analyseStore(options: Options): Promise<void> {
  await withClient(options, (client) => client.query('vacuum (analyze)'));
}

async function inTransaction<T>(options: Options, begin: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient(options, async (client) => {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  });
}

/** What is not committed when the connection ends is rolled back. */
async function withClient<T>(options: Options, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connectionSettings(options), application_name: 'roster host' });
  // A connection that breaks while nothing runs on it emits its error, and unheard that ends the process; the next statement fails anyway.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function goneOf(client: pg.Client): AbortSignal {
  const controller = new AbortController();
  client.once('end', () => controller.abort(new Error('The connection to the database has ended.')));
  return controller.signal;
}

function target({ name, columns }: TableShape): string {
  return `public.${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;
}
