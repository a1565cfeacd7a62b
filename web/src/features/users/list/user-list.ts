import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../../../live/connection.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import type { FeedTotal } from '../../../rpc/user-feed.ts';

/** What a list shows; the same three parts stand in the URL. */
export interface UserListQuery {
  readonly filter: string;
  readonly orderBy: string;
  readonly showDeleted: boolean;
}

export type Total = FeedTotal;

/** A row as drawn: what the feed said, with the answer of one's own newest edit laid over it. */
export interface UserRow {
  readonly user: User;
  /** When a change from elsewhere last touched it, and which fields; the cells glow. */
  readonly changed: { readonly at: number; readonly fields: ReadonlySet<string> } | undefined;
  /** It has left the list, or is being deleted; its place is kept until the list is let go, so that nothing jumps. */
  readonly isGone: boolean;
}

/** What the list's screen draws. A new object after each change, so that React can compare by identity. */
export interface UserListSnapshot {
  readonly status: 'loading' | 'ready' | 'failed';
  /** Set when `failed`: the first page could not be read. */
  readonly error: AppError | undefined;
  /** The rows belong to the query before; the new ones are on their way. */
  readonly isPrevious: boolean;
  readonly connection: Connection;
  readonly total: Total | undefined;
  /** How many rows the scrollbar spans. */
  readonly rowCount: number;
  /** Rows that arrived above or inside what is shown while it was held still. */
  readonly arrivals: number;
  readonly roundTripMs: number | undefined;
  readonly feedLagMs: number | undefined;
  readonly reconnects: number;
  /** Position of the feed, for the connection's card; undefined before the first checkpoint. */
  readonly lastFrameAt: number | undefined;
  readonly loadedRows: number;
}

/** A live list of users. One for each query; rows come from the feed alone. */
export interface UserList {
  readonly query: UserListQuery;
  subscribe(listener: () => void): () => void;
  getSnapshot(): UserListSnapshot;
  /** The row at a place of the scrollbar; undefined while it is not loaded. */
  rowAt(index: number): UserRow | undefined;
  /** Where a user is, if it is loaded. */
  indexOf(id: string): number | undefined;
  find(id: string): UserRow | undefined;
  /** Says which rows are in view (`last` excluded), so that they and their neighbours are loaded. */
  show(first: number, last: number): void;
  /** Keeps the places of rows as they are (the user scrolls, selects, edits) until the returned function is called. */
  hold(): () => void;
  /** Lets the waiting arrivals in. */
  showArrivals(): void;
  /** Lays the answer of a unary call over a held row (DESIGN 3, rule 8). */
  applyAnswer(user: User): void;
  /** Draws a row as gone until the feed confirms it; the returned function takes that back. */
  applyDelete(id: string): () => void;
  retry(): void;
  close(): void;
}
