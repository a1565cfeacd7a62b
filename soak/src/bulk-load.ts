import { setTimeout as wait } from 'node:timers/promises';
import { RpcError } from '@protobuf-ts/runtime-rpc';
import { CreateUserRequest, SyncRequest, SyncStatus } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import type { Random } from '@roster/server/seed/random';
import { makePerson } from './people.ts';
import { now, type Recorder } from './recorder.ts';
import type { WriteOutcome } from './recording.ts';

export interface BulkLoadParts {
  /** Through the native port; only it can stream requests. */
  readonly native: IUserServiceClient;
  readonly random: Random;
  readonly recorder: Recorder;
}

/** Loads some hundred people at once, and takes them away again one by one through a stream. */
export async function loadAndUnload({ native, random, recorder }: BulkLoadParts): Promise<void> {
  const answered = (
    op: string,
    requestId: string,
    userId: string,
    startedAt: number,
    outcome: WriteOutcome,
    code: string,
  ) => recorder.add({ kind: 'write', op, requestId, userId, startedAt, at: now(), outcome, revision: undefined, code });

  const rows = Array.from({ length: 150 + random.below(200) }, () => makePerson(random));
  await bulkCreate(rows.map((row) => CreateUserRequest.create(row)));
  await wait(1000 + random.below(3000));
  // Until none is left, or the lists would outgrow the one page that the console's connection holds.
  for (let left: readonly string[] = rows.map(({ id }) => id); left.length > 0; await wait(500))
    left = await bulkDelete(left);

  async function bulkCreate(rows: readonly CreateUserRequest[]): Promise<void> {
    const requestId = crypto.randomUUID();
    const startedAt = now();
    const call = native.bulkCreateUsers({ meta: { 'x-request-id': requestId }, timeout: 30_000 });
    try {
      for (const row of rows) await call.requests.send(row);
      await call.requests.complete();
      const { failedIds } = await call.response;
      const failed = new Set(failedIds);
      for (const { id } of rows) {
        const outcome = failed.has(id) ? 'failed' : 'acknowledged';
        answered('bulk create', requestId, id, startedAt, outcome, 'OK');
      }
    } catch (thrown) {
      noteLost(
        'bulk create',
        requestId,
        rows.map(({ id }) => id),
        startedAt,
        thrown,
      );
      call.response.catch(() => undefined);
    }
  }

  /** Returns those of whom nothing is known. */
  async function bulkDelete(ids: readonly string[]): Promise<readonly string[]> {
    const requestId = crypto.randomUUID();
    const startedAt = now();
    const open = new Set(ids);
    const call = native.syncUsers({ meta: { 'x-request-id': requestId }, timeout: 60_000 });
    try {
      const sending = (async () => {
        for (const id of ids)
          await call.requests.send(SyncRequest.create({ action: { oneofKind: 'deleteId', deleteId: id } }));
        await call.requests.complete();
      })();
      sending.catch(() => undefined);
      for await (const { id, status } of call.responses) {
        open.delete(id);
        const outcome = status === SyncStatus.DELETED ? 'acknowledged' : 'failed';
        answered('bulk delete', requestId, id, startedAt, outcome, SyncStatus[status] ?? '');
      }
    } catch (thrown) {
      noteLost('bulk delete', requestId, [...open], startedAt, thrown);
    }
    return [...open];
  }

  /** Streams have no request id that lets them be repeated: what was not answered may have happened. */
  function noteLost(op: string, requestId: string, ids: readonly string[], startedAt: number, thrown: unknown): void {
    const code = thrown instanceof RpcError ? thrown.code : String(thrown);
    for (const userId of ids) answered(op, requestId, userId, startedAt, 'unknown', code);
  }
}
