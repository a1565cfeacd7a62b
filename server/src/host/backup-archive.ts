import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import {
  readSequences,
  readTableShapes,
  type SequenceState,
  type StoreReader,
  type TableShape,
} from '../database/store-copy.ts';
import { ArchiveError, entryBytesMax, readTar, type TarEntry, tarEnd, tarEntry } from './tar.ts';

/** What a backup begins with. */
export interface Manifest {
  readonly kind: 'roster backup';
  /** Of the archive itself. */
  readonly format: 1;
  readonly schemaVersion: number;
  readonly takenAt: string;
  /** In the order in which they can be filled. */
  readonly tables: readonly TableShape[];
}

/** What a backup ends with. */
interface Ending {
  readonly rows: Readonly<Record<string, number>>;
  readonly sequences: Readonly<Record<string, SequenceState>>;
  /** Of all bytes of the archive before it, uncompressed. */
  readonly sha256: string;
}

export type Rows = Readonly<Record<string, number>>;

/** What happens to a backup while it is read, in this order. Whether it is whole is known only after the rows. */
export interface ArchiveSink<T> {
  begin(manifest: Manifest): void | Promise<void>;
  /** Must take all rows. */
  rows(table: TableShape, rows: AsyncIterable<Buffer>): Promise<void>;
  end(contents: { readonly rows: Rows; readonly sequences: ReadonlyMap<string, SequenceState> }): Promise<T>;
}

const manifestName = 'manifest.json';
const endingName = 'end.json';
/** Most of the bytes are hex digits and names, which even the fastest level halves and more. */
const compression = { level: constants.Z_BEST_SPEED };

/** Writes the whole store as a gzipped tar: the manifest, the rows of each table in parts, and what they must add up to. Returns how many rows there are. */
export async function writeArchive(
  reader: StoreReader,
  takenAt: Date,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<Rows> {
  const rows: Record<string, number> = {};
  await pipeline(entriesOf(reader, takenAt, rows), createGzip(compression), output, { signal });
  return rows;
}

async function* entriesOf(reader: StoreReader, takenAt: Date, rows: Record<string, number>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const entry = (name: string, content: Buffer) => {
    const bytes = tarEntry(name, content, takenAt);
    hash.update(bytes);
    return bytes;
  };
  const json = (value: object) => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
  const manifest: Manifest = {
    kind: 'roster backup',
    format: 1,
    schemaVersion: await readSchemaVersion(reader),
    takenAt: takenAt.toISOString(),
    tables: await readTableShapes(reader),
  };
  yield entry(manifestName, json(manifest));
  for (const table of manifest.tables) {
    rows[table.name] = 0;
    let part = 0;
    for await (const content of inParts(reader.rowsOf(table))) {
      part += 1;
      rows[table.name] = (rows[table.name] ?? 0) + newlinesIn(content);
      yield entry(`${folderOf(table)}${String(part).padStart(6, '0')}`, content);
    }
  }
  const sequences = Object.fromEntries(await readSequences(reader));
  const ending: Ending = { rows, sequences, sha256: hash.digest('hex') };
  yield tarEntry(endingName, json(ending), takenAt);
  yield tarEnd;
}

async function readSchemaVersion(reader: StoreReader): Promise<number> {
  const [row] = await reader.query<{ version: number }>('select max(version) as version from schema_migrations');
  return row?.version ?? 0;
}

const folderOf = ({ name }: TableShape) => `tables/${name}/`;

/** Gathers the chunks of a stream, which may be small, and cuts what is too large for an entry. */
async function* inParts(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < entryBytesMax / 4) continue;
    yield* cut(Buffer.concat(held));
    held = [];
    size = 0;
  }
  if (size > 0) yield* cut(Buffer.concat(held));
}

function* cut(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += entryBytesMax) yield bytes.subarray(at, at + entryBytesMax);
}

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** Reads a backup to its end. ArchiveError where it is none, or is not whole. */
export async function readArchive<T>(
  input: AsyncIterable<Buffer>,
  sink: ArchiveSink<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await readEntries(readTar(gunzip(input, signal)), sink);
  } catch (error) {
    throw isZlibError(error) ? new ArchiveError('it is damaged, cut off, or no backup') : error;
  }
}

async function* gunzip(input: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const unzip = createGunzip();
  // A failure of either comes out of the loop too.
  const fed = pipeline(input, unzip, { signal });
  fed.catch(() => undefined);
  for await (const chunk of unzip) yield chunk;
  await fed;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

async function readEntries<T>(entries: AsyncGenerator<TarEntry>, sink: ArchiveSink<T>): Promise<T> {
  let next = await entries.next();
  async function* partsOf(table: TableShape, counted: Record<string, number>): AsyncGenerator<Buffer> {
    for (; !next.done && next.value.name.startsWith(folderOf(table)); next = await entries.next()) {
      counted[table.name] = (counted[table.name] ?? 0) + newlinesIn(next.value.content);
      yield next.value.content;
    }
  }

  const manifest = next.done || next.value.name !== manifestName ? undefined : parseManifest(next.value.content);
  if (!manifest) throw new ArchiveError('it is no backup of Roster');
  await sink.begin(manifest);
  next = await entries.next();
  const rows: Record<string, number> = {};
  for (const table of manifest.tables) {
    rows[table.name] = 0;
    await sink.rows(table, partsOf(table, rows));
  }
  if (next.done || next.value.name !== endingName) throw new ArchiveError('a part of it is missing or out of place');
  const { digestBefore, content } = next.value;
  const ending = parseJson<Ending>(content);
  const isWhole =
    ending?.sha256 === digestBefore && manifest.tables.every(({ name }) => ending.rows?.[name] === rows[name]);
  if (!isWhole) throw new ArchiveError('its contents are not what was written');
  if (!(await entries.next()).done) throw new ArchiveError('something follows its end');
  return sink.end({ rows, sequences: new Map(Object.entries(ending.sequences)) });
}

/** Undefined where it is none. What is in it was written by us, as far as the checksum tells; names of tables and columns are quoted wherever they are used. */
function parseManifest(content: Buffer): Manifest | undefined {
  const manifest = parseJson<Manifest>(content);
  return manifest?.kind === 'roster backup' && Array.isArray(manifest.tables) ? manifest : undefined;
}

function parseJson<T extends object>(content: Buffer): T | undefined {
  try {
    const value = JSON.parse(content.toString());
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
