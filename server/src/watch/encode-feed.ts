import { WireType } from '@protobuf-ts/runtime';
import { User, UserFeed, UserFeed_Removal } from '@roster/proto/gen/userservice/v1/user';
import type { Encoded } from '../rpc/context.ts';

/** Field numbers of the contract that are written by hand, so that encoded users pass through as they are; a test holds them to the generated code. */
const feedOfUser = 15;
const changesOfFeed = 2;
const upsertsOfChanges = 1;
const removalsOfChanges = 2;

/** Encodes one event as the pseudo-user in which it travels. */
export function encodeFeed(event: UserFeed['event']): Encoded {
  const { buffer, byteOffset, byteLength } = User.toBinary(User.create({ feed: UserFeed.create({ event }) }));
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Encodes changes from users that are encoded already; their bytes are copied once, into a message of the right size. */
export function encodeChanges(upserts: readonly Uint8Array[], removals: readonly UserFeed_Removal[]): Encoded {
  const removed = removals.map((removal) => UserFeed_Removal.toBinary(removal));
  const changesSize = [...upserts, ...removed].reduce((sum, part) => sum + fieldSize(part.length), 0);
  const feedSize = fieldSize(changesSize);
  const message = Buffer.allocUnsafe(fieldSize(feedSize));
  let at = writeHead(message, 0, feedOfUser, feedSize);
  at = writeHead(message, at, changesOfFeed, changesSize);
  for (const upsert of upserts) at = writeField(message, at, upsertsOfChanges, upsert);
  for (const removal of removed) at = writeField(message, at, removalsOfChanges, removal);
  return message;
}

function writeField(message: Buffer, at: number, field: number, bytes: Uint8Array): number {
  const start = writeHead(message, at, field, bytes.length);
  message.set(bytes, start);
  return start + bytes.length;
}

/** Writes tag and length. Field numbers up to 15 have tags of one byte. */
function writeHead(message: Buffer, at: number, field: number, length: number): number {
  message[at] = (field << 3) | WireType.LengthDelimited;
  let next = at + 1;
  let left = length;
  for (; left > 127; left >>>= 7) {
    message[next] = (left & 127) | 128;
    next += 1;
  }
  message[next] = left;
  return next + 1;
}

function fieldSize(length: number): number {
  let size = length + 2;
  for (let left = length; left > 127; left >>>= 7) size += 1;
  return size;
}
