import type { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import { epochMs } from '@roster/proto/order';

/** Epoch milliseconds of a timestamp that may be unset. */
export function timeOf(timestamp: Timestamp | undefined): number | undefined {
  return timestamp && epochMs(timestamp);
}
