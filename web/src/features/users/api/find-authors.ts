import { ListUserChangesRequest } from '@roster/proto/gen/roster/history/v1/history_service';
import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import { timing } from '@roster/proto/timing';
import { timeOf } from '../../../lib/time-of.ts';
import { background } from '../../../rpc/background.ts';
import type { Clients } from '../../../rpc/clients.tsx';

/** Who last changed a field, and when. */
export interface Author {
  readonly path: string;
  readonly actor: string;
  /** Epoch milliseconds. */
  readonly changedAt: number | undefined;
}

/** So many changes back are looked at; what is contested has just changed. */
const pageSize = 50;

/** Finds in the history who last changed some fields of a user. What it does not find, or may not read, is left out. */
export async function findAuthors(
  clients: Clients,
  userId: string,
  paths: readonly string[],
  abort: AbortSignal,
): Promise<readonly Author[]> {
  const found = new Map<string, Author>();
  const request = ListUserChangesRequest.create({ userId, pageSize });
  try {
    const options = { abort, meta: background, timeout: timing.unaryDeadlineMs };
    const call = clients.of(HistoryServiceClient).listUserChanges(request, options);
    for await (const { changes } of call.responses) {
      for (const { paths: changed, actor, changedAt } of changes) {
        for (const path of paths) {
          if (found.has(path) || !changed.includes(path) || !actor?.name) continue;
          found.set(path, { path, actor: actor.name, changedAt: timeOf(changedAt) });
        }
      }
    }
  } catch {
    // A name that cannot be had is no reason to say anything.
  }
  return [...found.values()];
}
