import { ListUserChangesResponse } from '@roster/proto/gen/roster/history/v1/history_service';
import { isChange, isPurge } from '../../watch/feed-change.ts';
import type { StepsStart } from '../../watch/feed-steps.ts';
import { chunksOf } from './change-chunks.ts';
import type { ChangeFilter } from './change-query.ts';
import { changeFromRow } from './change-rows.ts';
import { readStretch } from './change-store.ts';
import type { HistoryParts } from './history-parts.ts';

/** So many positions are read at a time, however far behind the stream is. */
const stretchLength = 500;

/**
 * Sends the changes of a filter as they join the feed. The stream is no more than a cursor: it reads the database, at a hint of the feed, as fast as its reader
 * takes what it sends. Ends where it cannot go on without a gap.
 */
export async function* watchChanges(
  parts: Pick<HistoryParts, 'database' | 'feedSteps' | 'feedLog' | 'heartbeatMs'>,
  filter: ChangeFilter,
  start: StepsStart,
): AsyncIterable<ListUserChangesResponse> {
  const { signal } = start;
  let cursor = start.from;
  let sentAt = performance.now();
  for await (const to of parts.feedSteps.follow(start)) {
    while (cursor < to) {
      const end = Math.min(to, cursor + stretchLength);
      if (mayConcern(parts, filter, cursor, end)) {
        const from = cursor;
        const { changes, erasedUserIds, isCut } = await parts.database.run(signal, (connection) =>
          readStretch(connection, filter, from, end),
        );
        if (erasedUserIds.length > 0) yield ListUserChangesResponse.create({ erasedUserIds: [...erasedUserIds] });
        if (isCut) return;
        for (const chunk of chunksOf(changes)) {
          yield ListUserChangesResponse.create({ changes: chunk.map(changeFromRow) });
        }
        if (changes.length > 0 || erasedUserIds.length > 0) sentAt = performance.now();
      }
      cursor = end;
    }
    if (performance.now() - sentAt >= parts.heartbeatMs) {
      yield ListUserChangesResponse.create();
      sentAt = performance.now();
    }
  }
}

/** Whether a stretch of the feed is worth reading: of most, the log in memory tells that it is about other people. */
function mayConcern(
  { feedLog }: Pick<HistoryParts, 'feedLog'>,
  { userId }: ChangeFilter,
  after: number,
  to: number,
): boolean {
  const entries = userId === undefined ? undefined : feedLog().after(after, to);
  return entries?.some((entry) => (isChange(entry) ? entry.userId === userId : isPurge(entry))) ?? true;
}
