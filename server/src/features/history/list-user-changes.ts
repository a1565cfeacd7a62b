import {
  type ListUserChangesRequest,
  ListUserChangesResponse,
} from '@roster/proto/gen/roster/history/v1/history_service';
import type { CallContext, ServerStreamHandler } from '../../rpc/context.ts';
import { chunksOf } from './change-chunks.ts';
import { type ChangeQuery, readChangeQuery } from './change-query.ts';
import { type ChangeRow, changeFromRow } from './change-rows.ts';
import { readChanges, readFedChanges } from './change-store.ts';
import type { HistoryParts } from './history-parts.ts';
import { createPageTokens, type PageTokens } from './page-tokens.ts';
import { watchChanges } from './watch-changes.ts';

type Place = readonly [below: number];

export function listUserChanges(
  parts: HistoryParts,
): ServerStreamHandler<ListUserChangesRequest, ListUserChangesResponse> {
  const tokens = createPageTokens(parts.sealer, 'changes/1', isPlace);
  return async function* (request, context) {
    const query = readChangeQuery(request);
    const place = tokens.open(query.hash, request.pageToken);
    if (request.watch) yield* watchFromPage(parts, tokens, query, context);
    else {
      const rows = await parts.database.run(context.signal, (connection) =>
        readChanges(connection, query.filter, place?.[0], query.pageSize + 1),
      );
      yield* sendPage(tokens, query, rows);
    }
  };
}

function isPlace(value: readonly unknown[]): value is Place {
  return value.length === 1 && Number.isSafeInteger(value[0]);
}

async function* watchFromPage(
  parts: HistoryParts,
  tokens: PageTokens<Place>,
  query: ChangeQuery,
  { signal }: CallContext,
): AsyncIterable<ListUserChangesResponse> {
  const log = parts.feedLog();
  const { changes, position } = await parts.database.snapshot(signal, (connection) =>
    readFedChanges(connection, query.filter, query.pageSize + 1),
  );
  yield* sendPage(tokens, query, changes);
  yield* watchChanges(parts, query.filter, { from: position, log, signal });
}

/** Sends a page of which one row more was read than it may have. */
function* sendPage(
  tokens: PageTokens<Place>,
  query: ChangeQuery,
  rows: readonly ChangeRow[],
): Iterable<ListUserChangesResponse> {
  const page = rows.slice(0, query.pageSize);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  const chunks = [...chunksOf(page)];
  for (const chunk of chunks.slice(0, -1)) yield ListUserChangesResponse.create({ changes: chunk.map(changeFromRow) });
  yield ListUserChangesResponse.create({
    changes: (chunks.at(-1) ?? []).map(changeFromRow),
    nextPageToken: last ? tokens.seal(query.hash, [last.revision]) : '',
    endsPage: true,
  });
}
