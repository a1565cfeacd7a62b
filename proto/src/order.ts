import type { User } from '../gen/userservice/v1/user.ts';
import { compareCodePoints, foldKey } from './fold.ts';

export const orderFields = ['name', 'email', 'role', 'state', 'created_at', 'updated_at'] as const;

export type OrderField = (typeof orderFields)[number];

/** How a list is sorted. Ties are broken by id, in the same direction. */
export interface Order {
  readonly field: OrderField;
  readonly descending: boolean;
}

export const defaultOrder: Order = { field: 'created_at', descending: true };

/** Reads `order_by` (AIP-132); undefined where it names no field of ours or more than one. */
export function parseOrderBy(orderBy: string): Order | undefined {
  const trimmed = orderBy.trim();
  if (trimmed === '') return defaultOrder;
  const match = /^([a-z_]+)(?:\s+(asc|desc))?$/.exec(trimmed);
  const field = orderFields.find((name) => name === match?.[1]);
  return field && { field, descending: match?.[2] === 'desc' };
}

/** Writes an order as `order_by` does. */
export function formatOrderBy(order: Order): string {
  return order.descending ? `${order.field} desc` : order.field;
}

/** The value by which a user is placed in a list; times are epoch milliseconds. */
export type OrderKey = string | number;

export function orderKey(user: User, field: OrderField): OrderKey {
  switch (field) {
    case 'name':
      return foldKey(user.name);
    case 'email':
      return foldKey(user.email);
    case 'role':
      return user.role;
    case 'state':
      return user.state;
    case 'created_at':
      return epochMs(user.createdAt);
    case 'updated_at':
      return epochMs(user.updatedAt);
  }
}

/** Compares two places in a list. */
export function comparePlaces(
  order: Order,
  a: { readonly key: OrderKey; readonly id: string },
  b: { readonly key: OrderKey; readonly id: string },
): number {
  const byKey =
    typeof a.key === 'number' && typeof b.key === 'number'
      ? a.key - b.key
      : compareCodePoints(String(a.key), String(b.key));
  const ascending = byKey === 0 ? compareCodePoints(a.id, b.id) : byKey;
  return order.descending ? -ascending : ascending;
}

/** Milliseconds since the epoch of a Timestamp; 0 where it is unset. */
export function epochMs(timestamp: { readonly seconds: string; readonly nanos: number } | undefined): number {
  return timestamp ? Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1_000_000) : 0;
}
