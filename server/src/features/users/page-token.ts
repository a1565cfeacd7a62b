import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type Order, type OrderKey, orderKey } from '@roster/proto/order';
import { invalidArgument } from '../../rpc/rpc-error.ts';
import type { TokenSealer } from '../../watch/sealed-token.ts';
import type { ListQuery } from './list-query.ts';

const purpose = 'page/1';

/** The place in a list after which the next page begins. */
export interface Place {
  readonly key: OrderKey;
  readonly id: string;
}

export function placeOf(user: User, order: Order): Place {
  return { key: orderKey(user, order.field), id: user.id };
}

export function sealPageToken(sealer: TokenSealer, query: ListQuery, place: Place): string {
  return sealer.seal(purpose, [query.hash, place.key, place.id]);
}

/** Opens a page token; undefined for the first page. One that was altered, or made for another filter or order, is INVALID_ARGUMENT. */
export function openPageToken(sealer: TokenSealer, query: ListQuery, token: string): Place | undefined {
  if (token === '') return undefined;
  const payload = sealer.open(purpose, token);
  if (!Array.isArray(payload)) {
    throw invalidArgument([
      { field: 'page_token', description: 'This is no page token of this store.', reason: 'PAGE_TOKEN_INVALID' },
    ]);
  }
  const [hash, key, id] = payload;
  if (hash === query.hash) return { key, id };
  const description = 'This page token belongs to another filter or order.';
  throw invalidArgument([{ field: 'page_token', description, reason: 'PAGE_TOKEN_OTHER_QUERY' }]);
}
