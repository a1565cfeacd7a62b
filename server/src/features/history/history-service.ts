import { historyServiceDefinition } from '@roster/proto/gen/roster/history/v1/history_service.grpc-server';
import { type BoundService, bindService } from '../../rpc/service.ts';
import { getUserAsOf } from './get-user-as-of.ts';
import type { HistoryParts } from './history-parts.ts';
import { listAccessEvents } from './list-access-events.ts';
import { listRefusals } from './list-refusals.ts';
import { listUserChanges } from './list-user-changes.ts';

/** roster.history.v1.HistoryService. */
export function createHistoryService(parts: HistoryParts): BoundService {
  return bindService(historyServiceDefinition, {
    listUserChanges: listUserChanges(parts),
    getUserAsOf: getUserAsOf(parts),
    revertUserChange: parts.revertUserChange,
    listAccessEvents: listAccessEvents(parts),
    listRefusals: listRefusals(parts),
  });
}
