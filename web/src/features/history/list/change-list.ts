import type { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import type { LiveFacts } from '../../../live/live-state.tsx';
import type { AppError } from '../../../rpc/app-error.ts';
import type { ChangeFilter } from '../api/change-filter.ts';

/** What the screen draws of a list of changes. A new object after each change, so that React can compare by identity. */
export interface ChangeListSnapshot extends LiveFacts {
  readonly status: 'loading' | 'ready' | 'failed';
  /** Set when `failed`: the first page could not be read. */
  readonly error: AppError | undefined;
  /** The entries belong to the filter before; the new ones are on their way. */
  readonly isPrevious: boolean;
  /** The newest first. */
  readonly changes: readonly UserChange[];
  /** Changes that wait above or inside what is shown while it is held still. */
  readonly arrivals: number;
  readonly hasMore: boolean;
  /** Why older ones could not be read. */
  readonly moreError: AppError | undefined;
}

/** A live list of changes. One for each filter. */
export interface ChangeList {
  readonly filter: ChangeFilter;
  subscribe(listener: () => void): () => void;
  getSnapshot(): ChangeListSnapshot;
  /** Reads the page that follows; nothing happens while one is on its way. */
  loadMore(): void;
  /** Keeps what is shown as it is until the returned function is called. */
  hold(): () => void;
  /** Lets in what waits. */
  showArrivals(): void;
  retry(): void;
  close(): void;
}
