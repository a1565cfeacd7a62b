/** What the bench asks of a process of watchers, and what that answers. One request at a time. */
export type SinkRequest =
  | { readonly kind: 'open'; readonly watchers: OpenWatchers }
  | { readonly kind: 'check'; readonly filter: string; readonly rows: readonly RowMark[] }
  | { readonly kind: 'read' }
  /** Closes all connections; what the watchers hold stays. */
  | { readonly kind: 'cut' }
  /** Opens them again: from where they were, or anew with a list. */
  | { readonly kind: 'reopen'; readonly from: 'token' | 'list' };

export type SinkAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'checked'; readonly wrong: number; readonly fault: string }
  | { readonly kind: 'counts'; readonly counts: SinkCounts };

export interface OpenWatchers {
  /** `web` is gRPC-Web through Envoy, a connection for each watcher as browsers have it; `sse` likewise; `grpc` shares connections. */
  readonly protocol: 'web' | 'sse' | 'grpc';
  readonly port: number;
  /** For `web` only. */
  readonly token: string;
  readonly count: number;
  /** The list that the watchers hold at first, one for all of them. */
  readonly held: readonly RowMark[];
  /** Where they go on; for `web` only. Without one a watcher begins with a list. */
  readonly resumeToken: string;
  /** Watchers take these in turn; for `web` only. */
  readonly filters: readonly string[];
}

/** What is compared of a row: enough to tell any state of it from any other. */
export interface RowMark {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
}

export interface SinkCounts {
  readonly open: number;
  readonly bytes: number;
  /** Rows that were delivered, counted for each watcher. */
  readonly rows: number;
  readonly messages: number;
  /** From the stamp in a row's name to its arrival, in milliseconds. */
  readonly latency: { readonly p50: number; readonly p99: number };
}
