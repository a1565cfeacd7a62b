import { createHash } from 'node:crypto';
import type { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { limits } from '@roster/proto/limits';
import { formatOrderBy, type Order, orderFields, parseOrderBy } from '@roster/proto/order';
import { canonicalFilter } from '../../filter/canonical-filter.ts';
import { allOf, negationOf } from '../../filter/filter.ts';
import { filterError } from '../../filter/filter-error.ts';
import { filterToPredicate } from '../../filter/filter-predicate.ts';
import { filterToSql } from '../../filter/filter-sql.ts';
import { parseFilter } from '../../filter/parse-filter.ts';
import { type FieldViolation, invalidArgument } from '../../rpc/rpc-error.ts';
import type { Scope } from '../../watch/scope.ts';

/** What a list request asks for, checked. */
export interface ListQuery {
  readonly scope: Scope;
  readonly order: Order;
  /** Names filter, order and deleted users; page and resume tokens are bound to it. */
  readonly hash: string;
  readonly pageSize: number;
  readonly skip: number;
}

export function readListQuery(request: ListUsersRequest): ListQuery {
  const violations = [
    ...notNegative('page_size', request.pageSize),
    ...notNegative('skip', request.skip),
    ...onlyWithWatch(request),
  ];
  if (violations.length > 0) throw invalidArgument(violations);
  const order = parseOrderBy(request.orderBy);
  if (!order) {
    const description = `Sort by one of ${orderFields.join(', ')}, with “ desc” for descending.`;
    throw invalidArgument([{ field: 'order_by', description, reason: 'ORDER_UNKNOWN' }]);
  }
  const scope = readScope(request);
  return {
    scope,
    order,
    hash: createHash('sha256')
      .update(`${scope.key}\0${formatOrderBy(order)}`)
      .digest('base64url')
      .slice(0, 16),
    pageSize: Math.min(request.pageSize || limits.pageSizeDefault, limits.pageSizeMax),
    skip: request.skip,
  };
}

function readScope(request: Pick<ListUsersRequest, 'filter' | 'showDeleted'>): Scope {
  const parsed = parseFilter(request.filter);
  if (!parsed.ok) throw filterError(parsed);
  const { showDeleted } = request;
  const filter = showDeleted ? parsed.filter : allOf([negationOf({ kind: 'deleted' }), parsed.filter]);
  const matches = filterToPredicate(filter);
  return {
    key: `${showDeleted ? 'all' : 'alive'}\0${canonicalFilter(parsed.filter)}`,
    showsDeleted: showDeleted,
    filter,
    matches,
    toSql(parameters) {
      const condition = filterToSql(parsed.filter, parameters);
      return showDeleted ? `(${condition})` : `u.deleted_at is null and (${condition})`;
    },
  };
}

function notNegative(field: string, value: number): readonly FieldViolation[] {
  return value >= 0 ? [] : [{ field, description: 'Must not be negative.', reason: 'OUT_OF_RANGE' }];
}

function onlyWithWatch(request: ListUsersRequest): readonly FieldViolation[] {
  if (request.resumeToken === '' || request.watch) return [];
  return [{ field: 'resume_token', description: 'A resume token is for a watch.', reason: 'WATCH_REQUIRED' }];
}
