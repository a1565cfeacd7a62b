import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import {
  type ChangeKind,
  ListUserChangesRequest,
  type UserChange,
} from '@roster/proto/gen/roster/history/v1/history_service';
import type { IHistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { timing } from '@roster/proto/timing';

/** Which changes a list shows; what is undefined does not narrow it. Times are epoch milliseconds. */
export interface ChangeFilter {
  /** This one change alone. */
  readonly revision?: number | undefined;
  /** Whom it is about. */
  readonly userId?: string | undefined;
  /** Who made it. */
  readonly actorId?: string | undefined;
  readonly kind?: ChangeKind | undefined;
  /** A field or leaf, as in an update mask. */
  readonly path?: string | undefined;
  readonly roleGiven?: UserRole | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Entries of one read, the newest first. */
export interface ChangePage {
  readonly changes: readonly UserChange[];
  /** Empty where the list ends with this page. */
  readonly nextPageToken: string;
}

export function changesRequest(filter: ChangeFilter, pageSize: number): ListUserChangesRequest {
  const { since, until, ...others } = filter;
  const request = ListUserChangesRequest.create({ pageSize });
  for (const [name, value] of Object.entries(others))
    if (value !== undefined) Object.assign(request, { [name]: value });
  if (since !== undefined) request.since = timestampOf(since);
  if (until !== undefined) request.until = timestampOf(until);
  return request;
}

/** Reads one page. Throws what the call throws. `meta`: `background` where the page reads by itself. */
export async function readChanges(
  client: IHistoryServiceClient,
  request: ListUserChangesRequest,
  abort: AbortSignal,
  meta: RpcMetadata = {},
): Promise<ChangePage> {
  const changes: UserChange[] = [];
  let nextPageToken = '';
  const { responses } = client.listUserChanges(request, { abort, meta, timeout: timing.unaryDeadlineMs });
  for await (const message of responses) {
    changes.push(...message.changes);
    nextPageToken = message.nextPageToken;
  }
  return { changes, nextPageToken };
}

function timestampOf(ms: number): { seconds: string; nanos: number } {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: (ms - seconds * 1000) * 1_000_000 };
}
