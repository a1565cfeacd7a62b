import { errorInfo, invalidArgument, RpcError } from '../rpc/rpc-error.ts';
import type { FilterMistake } from './filter-mistake.ts';

/**
 * Makes the INVALID_ARGUMENT of a filter that cannot be read: a violation of `filter` with the whole sentence, and an ErrorInfo with
 * `column` and `length` in code points, by which the console marks the place.
 */
export function filterError({ column, length, message }: FilterMistake): RpcError {
  const reason = 'FILTER_SYNTAX';
  const error = invalidArgument([{ field: 'filter', description: message, reason }]);
  const where = errorInfo(reason, { column: String(column), length: String(length) });
  return new RpcError(error.code, error.message, [where, ...error.details.slice(1)]);
}
