import {
  AccessEvent,
  type ListAccessEventsRequest,
  ListAccessEventsResponse,
} from '@roster/proto/gen/roster/history/v1/history_service';
import type { Connection } from '../../database/database.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { type FieldViolation, invalidArgument } from '../../rpc/rpc-error.ts';
import { readOptionalUuid } from '../../store/ids.ts';
import { timestampOf } from '../../store/user-row.ts';
import { type ActorRow, actorFromRow } from './change-rows.ts';
import type { HistoryParts } from './history-parts.ts';
import { readPageSize } from './page-size.ts';
import { createPageTokens } from './page-tokens.ts';

interface AccessEventRow extends ActorRow {
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly device: string;
  readonly detail: string;
}

export function listAccessEvents(parts: HistoryParts): UnaryHandler<ListAccessEventsRequest, ListAccessEventsResponse> {
  const tokens = createPageTokens(parts.sealer, 'access-events/1', isPlace);
  return async (request, { signal }) => {
    const violations: FieldViolation[] = [];
    const pageSize = readPageSize(request.pageSize, violations);
    if (violations.length > 0) throw invalidArgument(violations);
    const userId = readOptionalUuid(request.userId, 'user_id');
    const query = userId ?? 'all';
    const place = tokens.open(query, request.pageToken);
    const rows = await parts.database.run(signal, (connection) =>
      readAccessEvents(connection, userId, place?.[0], pageSize + 1),
    );
    const page = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? page.at(-1) : undefined;
    return ListAccessEventsResponse.create({
      events: page.map(eventFromRow),
      nextPageToken: last ? tokens.seal(query, [last.id]) : '',
    });
  };
}

function isPlace(value: readonly unknown[]): value is readonly [below: number] {
  return value.length === 1 && Number.isSafeInteger(value[0]);
}

function readAccessEvents(
  connection: Connection,
  userId: string | undefined,
  below: number | undefined,
  count: number,
): Promise<AccessEventRow[]> {
  const parameters: unknown[] = [count];
  const conditions = ['true'];
  if (userId !== undefined) conditions.push(`e.user_id = $${parameters.push(userId)}`);
  if (below !== undefined) conditions.push(`e.id < $${parameters.push(below)}`);
  return connection.query<AccessEventRow>(
    `select e.id, e.at, e.kind, e.actor_id, e.actor, e.session_id, e.token_id, e.address, e.user_id, u.name as user_name, e.device, e.detail
     from access_events e left join users u on u.id = e.user_id
     where ${conditions.join(' and ')} order by e.id desc limit $1`,
    parameters,
  );
}

function eventFromRow(row: AccessEventRow): AccessEvent {
  return AccessEvent.create({
    id: String(row.id),
    at: timestampOf(row.at),
    kind: row.kind,
    actor: actorFromRow(row),
    userId: row.user_id ?? '',
    userName: row.user_name ?? '',
    device: row.device,
    detail: row.detail,
  });
}
