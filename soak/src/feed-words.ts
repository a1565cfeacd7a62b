import {
  UserFeed_GoAwayReason as GoAwayReason,
  UserFeed_RemovalReason as Removal,
  UserFeed_SnapshotReason as Snapshot,
} from '@roster/proto/gen/userservice/v1/user';
import type { RemovalReason, SnapshotReason } from './recording.ts';

/** The enums of the contract in the words of a recording, which must be read without generated code. */
export function reasonOfSnapshot(reason: Snapshot): SnapshotReason {
  switch (reason) {
    case Snapshot.FIRST:
      return 'first';
    case Snapshot.TOKEN_INVALID:
      return 'invalid';
    case Snapshot.OTHER_QUERY:
      return 'other-query';
    case Snapshot.OTHER_EPOCH:
      return 'other-epoch';
    case Snapshot.FUTURE:
      return 'future';
    case Snapshot.COMPACTED:
      return 'compacted';
    case Snapshot.UNSPECIFIED:
      return 'unspecified';
  }
}

export function reasonOfRemoval(reason: Removal): RemovalReason {
  switch (reason) {
    case Removal.DELETED:
      return 'deleted';
    case Removal.LEFT_FILTER:
      return 'left-filter';
    case Removal.UNSPECIFIED:
      return 'unspecified';
  }
}

export function reasonOfGoAway(reason: GoAwayReason): string {
  return (GoAwayReason[reason] ?? 'UNSPECIFIED').toLowerCase();
}
