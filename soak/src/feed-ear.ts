import { UserFeed_GoAwayReason as GoAwayReason, type UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { type ClientTable, snapshotRow } from './client-table.ts';
import { reasonOfGoAway, reasonOfSnapshot } from './feed-words.ts';
import type { Told } from './recorder.ts';
import type { SeenRow } from './recording.ts';
import { readPosition } from './token-position.ts';

/** What a message means to the one who follows a list. */
export type Heard =
  | { readonly kind: 'more' }
  /** The snapshot stands, but for its further pages. */
  | { readonly kind: 'end'; readonly resumeToken: string; readonly nextPageToken: string }
  | { readonly kind: 'position'; readonly resumeToken: string }
  | { readonly kind: 'go-away'; readonly mustRelist: boolean; readonly retryAfterMs: number };

/** Listens to one stream: keeps the table by its rule and tells the recording what came. */
export interface FeedEar {
  hear(event: UserFeed['event']): Heard;
}

export function createFeedEar(table: ClientTable, tell: (told: Told) => void): FeedEar {
  /** The rows of a snapshot that is on its way. */
  let snapshot: SeenRow[] | undefined;
  return {
    hear(event) {
      switch (event.oneofKind) {
        case 'begin':
          tell({ kind: 'begin', reason: reasonOfSnapshot(event.begin.reason) });
          snapshot = [];
          return { kind: 'more' };
        case 'resumed':
          tell({ kind: 'resumed' });
          return { kind: 'more' };
        case 'changes': {
          const { changes } = event;
          const rows = snapshot && { upserts: changes.upserts.map(snapshotRow), removals: [] };
          snapshot?.push(...(rows?.upserts ?? []));
          tell({ kind: 'changes', ...(rows ?? table.apply(changes)) });
          return { kind: 'more' };
        }
        case 'end': {
          const { nextPageToken, resumeToken } = event.end;
          table.replace(snapshot ?? []);
          snapshot = undefined;
          tell({ kind: 'end', position: readPosition(resumeToken), hasMore: nextPageToken !== '' });
          return { kind: 'end', resumeToken, nextPageToken };
        }
        case 'checkpoint': {
          const { resumeToken, total } = event.checkpoint;
          const size = total && !total.isMinimum ? total.size : undefined;
          tell({ kind: 'checkpoint', position: readPosition(resumeToken), total: size });
          return { kind: 'position', resumeToken };
        }
        case 'goAway': {
          const { reason, retryAfter } = event.goAway;
          tell({ kind: 'go-away', reason: reasonOfGoAway(reason) });
          const retryAfterMs = Number(retryAfter?.seconds ?? 0) * 1000 + (retryAfter?.nanos ?? 0) / 1e6;
          return { kind: 'go-away', mustRelist: reason === GoAwayReason.RELIST, retryAfterMs };
        }
        default:
          return { kind: 'more' };
      }
    },
  };
}
