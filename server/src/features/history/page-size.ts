import { limits } from '@roster/proto/limits';
import type { FieldViolation } from '../../rpc/rpc-error.ts';

/** Pages of the history are smaller than those of users: an entry may hold two of them. */
const pageSizeMax = 200;

/** The page size to use; a negative one is added to the violations. */
export function readPageSize(pageSize: number, violations: FieldViolation[]): number {
  if (pageSize < 0) {
    violations.push({ field: 'page_size', description: 'Must not be negative.', reason: 'OUT_OF_RANGE' });
  }
  return Math.min(pageSize || limits.pageSizeDefault, pageSizeMax);
}
