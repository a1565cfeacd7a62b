import {
  type ListRefusalsRequest,
  ListRefusalsResponse,
  Refusal,
} from '@roster/proto/gen/roster/history/v1/history_service';
import type { Connection } from '../../database/database.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { type FieldViolation, invalidArgument } from '../../rpc/rpc-error.ts';
import { timestampOf } from '../../store/user-row.ts';
import { type ActorRow, actorFromRow } from './change-rows.ts';
import type { HistoryParts } from './history-parts.ts';
import { readPageSize } from './page-size.ts';
import { createPageTokens } from './page-tokens.ts';

interface RefusalRow extends ActorRow {
  readonly minute: number;
  readonly method: string;
  readonly reason: string;
  readonly count: number;
  readonly request_id: string;
}

/** The key of a row: refusals are folded by it. */
type Place = readonly [minute: number, callerId: string, method: string, reason: string];

export function listRefusals(parts: HistoryParts): UnaryHandler<ListRefusalsRequest, ListRefusalsResponse> {
  const tokens = createPageTokens(parts.sealer, 'refusals/1', isPlace);
  return async (request, { signal }) => {
    const violations: FieldViolation[] = [];
    const pageSize = readPageSize(request.pageSize, violations);
    if (violations.length > 0) throw invalidArgument(violations);
    const place = tokens.open('all', request.pageToken);
    const rows = await parts.database.run(signal, (connection) => readRefusals(connection, place, pageSize + 1));
    const page = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? page.at(-1) : undefined;
    return ListRefusalsResponse.create({
      refusals: page.map(refusalFromRow),
      nextPageToken: last ? tokens.seal('all', [last.minute, last.actor_id, last.method, last.reason]) : '',
    });
  };
}

function isPlace(value: readonly unknown[]): value is Place {
  const [minute, ...texts] = value;
  return Number.isSafeInteger(minute) && texts.length === 3 && texts.every((text) => typeof text === 'string');
}

function readRefusals(connection: Connection, below: Place | undefined, count: number): Promise<RefusalRow[]> {
  const parameters: unknown[] = [count];
  let condition = 'true';
  if (below) {
    const [minute, ...texts] = below;
    parameters.push(new Date(minute).toISOString(), ...texts);
    condition = '(r.minute, r.caller_id, r.method, r.reason) < ($2::timestamptz, $3, $4, $5)';
  }
  return connection.query<RefusalRow>(
    `select r.minute, r.caller_id as actor_id, r.caller as actor, r.session_id, r.token_id, r.address, r.method, r.reason, r.count, r.request_id
     from refusals r where ${condition} order by r.minute desc, r.caller_id desc, r.method desc, r.reason desc limit $1`,
    parameters,
  );
}

function refusalFromRow(row: RefusalRow): Refusal {
  return Refusal.create({
    minute: timestampOf(row.minute),
    actor: actorFromRow(row),
    method: row.method,
    reason: row.reason,
    count: row.count,
    requestId: row.request_id,
  });
}
