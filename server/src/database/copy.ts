import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { connectionSettings, type DatabaseOptions } from './database.ts';

/** A value of a COPY row; arrays become PostgreSQL arrays of text. */
export type CopyValue = string | number | null | Uint8Array | readonly string[];

/** Writes one row in the text format of COPY. */
export function copyLine(values: readonly CopyValue[]): string {
  return `${values.map(copyText).join('\t')}\n`;
}

function copyText(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeText(value);
  if (value instanceof Uint8Array)
    return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  const elements = value.map((element) => `"${element.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  return escapeText(`{${elements.join(',')}}`);
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}

/** A connection of its own that loads rows by COPY, all tables of a batch in one transaction. */
export interface Loader {
  load(tables: readonly { readonly into: string; readonly lines: readonly string[] }[]): Promise<void>;
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function createLoader(options: Pick<DatabaseOptions, 'url' | 'password'>): Promise<Loader> {
  const client = new pg.Client({ ...connectionSettings(options), application_name: 'roster seed' });
  await client.connect();
  // Entries of the search indexes are gathered and merged in one go at the end; one by one they take a third of the time.
  await client.query(`set gin_pending_list_limit = '512MB'`);
  return {
    async load(tables) {
      await client.query('begin');
      for (const { into, lines } of tables) {
        await pipeline(Readable.from(lines), client.query(copyFrom(`copy ${into} from stdin`)));
      }
      await client.query('commit');
    },
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []) {
      return (await client.query<Row>(text, [...parameters])).rows;
    },
    close: () => client.end(),
  };
}
