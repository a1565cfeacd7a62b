import { createHash } from 'node:crypto';

/** A part of an archive. Larger things are cut into several. */
export interface TarEntry {
  readonly name: string;
  readonly content: Buffer;
  /** SHA-256, in hex, of all bytes of the archive before this entry. */
  readonly digestBefore: string;
}

/** What cannot be read as an archive of ours. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

const blockSize = 512;
/** A reader refuses to hold more at a time. */
export const entryBytesMax = 4 * 1024 * 1024;
const nameLengthMax = 99;

const zeroBlock = Buffer.alloc(blockSize);
/** Two empty blocks end an archive. */
export const tarEnd = Buffer.alloc(2 * blockSize);

/** One file of a tar archive (POSIX ustar), readable with any tool. */
export function tarEntry(name: string, content: Uint8Array, at: Date): Buffer {
  const header = Buffer.alloc(blockSize);
  if (Buffer.byteLength(name) > nameLengthMax || content.length > entryBytesMax)
    throw new Error(`${name} is too large`);
  header.write(name, 0, 'ascii');
  header.write('0000600\0', 100, 'ascii');
  header.write('0000000\0', 108, 'ascii');
  header.write('0000000\0', 116, 'ascii');
  writeOctal(header, 124, content.length);
  writeOctal(header, 136, Math.floor(at.getTime() / 1000));
  header.write('0', 156, 'ascii');
  header.write('ustar\u000000', 257, 'ascii');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return Buffer.concat([header, content, Buffer.alloc(paddingOf(content.length))]);
}

/** Reads an archive to its end. ArchiveError for whatever was not written by `tarEntry`, or is cut off. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const take = takerOf(source);
  const hash = createHash('sha256');
  for (;;) {
    const header = await take(blockSize);
    if (header.equals(zeroBlock)) break;
    const digestBefore = hash.copy().digest('hex');
    const { name, size } = readHeader(header);
    const padded = await take(size + paddingOf(size));
    hash.update(header).update(padded);
    yield { name, content: padded.subarray(0, size), digestBefore };
  }
  if (!(await take(blockSize)).equals(zeroBlock)) throw new ArchiveError('it does not end where it should');
  if ((await take(1, true)).length > 0) throw new ArchiveError('something follows its end');
}

function readHeader(header: Buffer): { readonly name: string; readonly size: number } {
  const checksum = readOctal(header, 148, 6);
  if (header.toString('ascii', 257, 262) !== 'ustar' || checksum !== checksumOf(header)) {
    throw new ArchiveError('it is damaged, or no backup');
  }
  const size = readOctal(header, 124, 11);
  if (!(size <= entryBytesMax)) throw new ArchiveError('one of its parts is too large');
  const end = header.indexOf(0);
  return { name: header.toString('ascii', 0, end), size };
}

function writeOctal(header: Buffer, at: number, value: number): void {
  header.write(`${value.toString(8).padStart(11, '0')}\0`, at, 'ascii');
}

function readOctal(header: Buffer, at: number, length: number): number {
  const text = header.toString('ascii', at, at + length);
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** The sum of all bytes, with the checksum's own counted as spaces. */
function checksumOf(header: Buffer): number {
  let sum = 8 * 32;
  for (const [at, byte] of header.entries()) if (at < 148 || at >= 156) sum += byte;
  return sum;
}

function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

/** Takes so many bytes at a time from a stream; ArchiveError where it ends before, unless it may. */
function takerOf(source: AsyncIterable<Buffer>): (size: number, mayEnd?: boolean) => Promise<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let length = 0;
  return async (size, mayEnd = false) => {
    while (length < size) {
      const next = await chunks.next();
      if (next.done) {
        if (mayEnd) break;
        throw new ArchiveError('it is cut off');
      }
      held.push(next.value);
      length += next.value.length;
    }
    const all = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
    const taken = all.subarray(0, size);
    const rest = all.subarray(size);
    held = rest.length > 0 ? [rest] : [];
    length = rest.length;
    return taken;
  };
}
