import { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import { ChangeKind, ListUserChangesRequest } from '@roster/proto/gen/roster/history/v1/history_service';
import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { timing } from '@roster/proto/timing';
import { useEffect, useRef, useState } from 'react';
import { timeOf } from '../../../lib/time-of.ts';
import { background } from '../../../rpc/background.ts';
import { type Clients, useClients } from '../../../rpc/clients.tsx';
import { useSignedIn } from '../../../session/session-context.tsx';

const historyMethod = '/roster.history.v1.HistoryService/ListUserChanges';
/** So many deletions one read tells of; of more at the same moment the rest stay unnamed. */
const pageSize = 200;
/** While rows go by, nobody is asked about. */
const restMs = 200;

/** By the revision that deleted a user: who did it. Of what is not known, and for whoever may not read the history, there is no entry. */
export type Deleters = ReadonlyMap<number, string>;

/** Reads who deleted the users in view, from the history: once for each, some at a time. */
export function useDeleters(shown: readonly User[]): Deleters {
  const clients = useClients();
  const mayRead = useSignedIn().access.may(historyMethod);
  const asked = useRef(new Set<number>());
  const [deleters, setDeleters] = useState<Deleters>(new Map());
  const missing = mayRead ? shown.filter(({ revision }) => !asked.current.has(revision)) : [];
  const key = missing.map(({ revision }) => revision).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says who is missing
  useEffect(() => {
    if (key === '') return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const found = await readDeleters(clients, missing, abort.signal).catch(() => undefined);
      // It is no more than a help: what could not be read is asked for with the next rows.
      if (!found || abort.signal.aborted) return;
      for (const { revision } of missing) asked.current.add(revision);
      setDeleters((known) => new Map([...known, ...found]));
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [clients, key]);
  return deleters;
}

async function readDeleters(clients: Clients, users: readonly User[], abort: AbortSignal): Promise<Deleters> {
  const times = users.flatMap(({ deletedAt }) => timeOf(deletedAt) ?? []);
  const request = ListUserChangesRequest.create({
    kind: ChangeKind.DELETED,
    since: timestampOf(Math.min(...times)),
    until: timestampOf(Math.max(...times) + 1),
    pageSize,
  });
  const deleters = new Map<number, string>();
  const options = { abort, timeout: timing.unaryDeadlineMs, meta: background };
  for await (const { changes } of clients.of(HistoryServiceClient).listUserChanges(request, options).responses) {
    for (const { revision, actor } of changes) if (actor) deleters.set(revision, actor.name);
  }
  return deleters;
}

function timestampOf(at: number): Timestamp {
  return Timestamp.fromDate(new Date(at));
}
