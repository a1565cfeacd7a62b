import { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';

/** Epoch milliseconds of a timestamp of the contract. */
export function timeOf(timestamp: Timestamp | undefined): number | undefined {
  return timestamp && Timestamp.toDate(timestamp).getTime();
}
