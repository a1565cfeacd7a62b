import { BinaryWriter, WireType } from '@protobuf-ts/runtime';
import { User, UserFeed, UserFeed_Removal } from '@roster/proto/gen/userservice/v1/user';
import type { Encoded } from '../rpc/context.ts';

/** Field numbers of the contract that are written by hand, so that encoded users pass through as they are; a test holds them to the generated code. */
const feedOfUser = 15;
const changesOfFeed = 2;
const upsertsOfChanges = 1;
const removalsOfChanges = 2;

/** Encodes one event as the pseudo-user in which it travels. */
export function encodeFeed(event: UserFeed['event']): Encoded {
  return User.toBinary(User.create({ feed: UserFeed.create({ event }) }));
}

/** Encodes changes from users that are encoded already. */
export function encodeChanges(upserts: readonly Uint8Array[], removals: readonly UserFeed_Removal[]): Encoded {
  const changes = new BinaryWriter();
  for (const upsert of upserts) changes.tag(upsertsOfChanges, WireType.LengthDelimited).bytes(upsert);
  for (const removal of removals) {
    changes.tag(removalsOfChanges, WireType.LengthDelimited).bytes(UserFeed_Removal.toBinary(removal));
  }
  const feed = new BinaryWriter().tag(changesOfFeed, WireType.LengthDelimited).bytes(changes.finish());
  return new BinaryWriter().tag(feedOfUser, WireType.LengthDelimited).bytes(feed.finish()).finish();
}
