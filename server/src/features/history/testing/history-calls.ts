import type { GrpcTransport } from '@protobuf-ts/grpc-transport';
import {
  ListUserChangesRequest,
  type ListUserChangesResponse,
  RevertUserChangeRequest,
  type UserChange,
} from '@roster/proto/gen/roster/history/v1/history_service';
import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { onTestFinished } from 'vitest';
import { known } from '../../users/testing/user-calls.ts';

export function historyOf({ transport }: { readonly transport: GrpcTransport }): HistoryServiceClient {
  return new HistoryServiceClient(transport);
}

type ListRequest = Parameters<typeof ListUserChangesRequest.create>[0];

export interface ChangePage {
  readonly changes: readonly UserChange[];
  readonly nextPageToken: string;
}

/** Reads one page of changes. */
export async function listChanges(client: HistoryServiceClient, request: ListRequest = {}): Promise<ChangePage> {
  const changes: UserChange[] = [];
  let nextPageToken = '';
  for await (const message of client.listUserChanges(ListUserChangesRequest.create(request)).responses) {
    changes.push(...message.changes);
    nextPageToken = message.nextPageToken;
  }
  return { changes, nextPageToken };
}

/** Walks all pages; `between` runs after each. */
export async function walkChanges(
  client: HistoryServiceClient,
  request: ListRequest = {},
  between: () => Promise<void> = async () => undefined,
): Promise<UserChange[]> {
  const changes: UserChange[] = [];
  let pageToken = '';
  do {
    const page = await listChanges(client, { ...request, pageToken });
    changes.push(...page.changes);
    pageToken = page.nextPageToken;
    await between();
  } while (pageToken !== '');
  return changes;
}

export async function revert(
  client: HistoryServiceClient,
  request: Parameters<typeof RevertUserChangeRequest.create>[0],
): Promise<User> {
  return known((await client.revertUserChange(RevertUserChangeRequest.create(request)).response).user);
}

/** The newest change of a user. */
export async function newestOf(client: HistoryServiceClient, userId: string): Promise<UserChange> {
  return known((await listChanges(client, { userId, pageSize: 1 })).changes[0]);
}

/** A watch of the history, as its reader sees it. */
export interface HistoryWatch {
  readonly messages: readonly ListUserChangesResponse[];
  /** Of all messages, as they came. */
  changes(): readonly UserChange[];
  until(condition: () => boolean): Promise<void>;
  /** The first message has come. */
  readonly open: Promise<void>;
  /** Resolves with `OK` or the code that the watch ended with. */
  readonly ended: Promise<string>;
}

export function watchHistory(client: HistoryServiceClient, request: ListRequest = {}): HistoryWatch {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const call = client.listUserChanges(ListUserChangesRequest.create({ ...request, watch: true }), {
    abort: abort.signal,
  });
  const messages: ListUserChangesResponse[] = [];
  let waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];
  const ended = (async () => {
    try {
      for await (const message of call.responses) {
        messages.push(message);
        waiting = waiting.filter(({ condition, resolve }) => {
          if (!condition()) return true;
          resolve();
          return false;
        });
      }
      return 'OK';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  })();
  const until = (condition: () => boolean) =>
    condition() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ condition, resolve }));
  return {
    messages,
    changes: () => messages.flatMap((message) => message.changes),
    until,
    open: until(() => messages.length > 0),
    ended,
  };
}
