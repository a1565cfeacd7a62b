import { setTimeout as wait } from 'node:timers/promises';
import { RpcError, type UnaryCall } from '@protobuf-ts/runtime-rpc';
import { type User, User as UserMessage } from '@roster/proto/gen/userservice/v1/user';
import {
  CreateUserRequest,
  DeleteUserRequest,
  GetUserRequest,
  SyncRequest,
  SyncStatus,
  UndeleteUserRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import type { Random } from '@roster/server/seed/random';
import { toAppError } from '@roster/web/src/rpc/to-app-error.ts';
import { makePerson, pickName, pickRole, pickState, pickTags } from './people.ts';
import { now, type Recorder } from './recorder.ts';
import type { WriteOutcome } from './recording.ts';
import { printOf } from './user-facts.ts';

export interface WriterOptions {
  /** Through the edge, as the console writes. */
  readonly web: IUserServiceClient;
  /** Through the native port; only it can stream requests. */
  readonly native: IUserServiceClient;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly writesPerSecond: number;
  /** Streams that load or delete hundreds cannot be repeated by a client, so a run in which no call may fail has none. */
  readonly hasBulk: boolean;
  readonly patience: Patience;
}

/** How a call that did not reach the server is repeated, under the same request id. */
export interface Patience {
  readonly retries: number;
  readonly delayMs: (failures: number) => number;
  /** Whether a call that timed out is repeated too. */
  readonly repeatsTimeouts: boolean;
}

/** The console's own (`retryUnreachable`): what fails after it is seen by its user. */
export const consolePatience: Patience = {
  retries: 3,
  delayMs: (failures) => Math.random() * 2 ** failures * 1000,
  repeatsTimeouts: false,
};

/** Of somebody who waits out what the faults last, so that most writes come to an end. */
export const stubbornPatience: Patience = {
  retries: 12,
  delayMs: (failures) => Math.random() * Math.min(2000, 250 * 2 ** failures),
  repeatsTimeouts: true,
};

export interface Writers {
  /** A user that exists; undefined while there is none. */
  anyUser(random: Random): string | undefined;
  /** Calls, reads too, that failed for good without an answer that decides. */
  readonly failures: readonly string[];
  /** Begins no more writes and waits for the last ones. */
  stop(): Promise<void>;
}

interface Held {
  readonly id: string;
  revision: number;
  isDeleted: boolean;
}

const aliveTarget = 350;
const maxInFlight = 60;
const bulkEveryMs = 12_000;

export function startWriters(options: WriterOptions): Writers {
  const { web, native, random, recorder, patience } = options;
  const people = new Map<string, Held>();
  const failures: string[] = [];
  const inFlight = new Set<Promise<void>>();
  const stopped = new AbortController();

  function note(op: string, requestId: string, userId: string, startedAt: number, end: End): void {
    const { outcome, revision, code, print, isIgnored } = end;
    const answer = { outcome, revision, code, ...(print ? { print } : {}), ...(isIgnored ? { isIgnored } : {}) };
    recorder.add({ kind: 'write', op, requestId, userId, startedAt, at: now(), ...answer });
    if (end.hasGivenUp) failures.push(`${op} ${requestId}: ${code}`);
  }

  async function write<O extends { user?: User } | object>(
    op: string,
    userId: string,
    requestId: string,
    asked: Partial<User>,
    call: (meta: Record<string, string>) => UnaryCall<object, O>,
  ): Promise<End & { readonly response?: O }> {
    const startedAt = now();
    const end = await untilAnswered(patience, () => call({ 'x-request-id': requestId }));
    const user = end.response && 'user' in end.response ? end.response.user : undefined;
    const shown = user && { revision: user.revision, print: printOf(user), isIgnored: !holds(user, asked) };
    const told = { ...end, ...shown };
    note(op, requestId, userId, startedAt, told);
    const known = people.get(userId);
    if (user) people.set(userId, { id: userId, revision: user.revision, isDeleted: user.deletedAt !== undefined });
    else if (known && end.outcome === 'acknowledged') known.isDeleted = op === 'delete';
    return told;
  }

  async function create(): Promise<void> {
    const person = makePerson(random);
    const requestId = crypto.randomUUID();
    const request = CreateUserRequest.create({ ...person, requestId });
    await write('create', person.id, requestId, person, (meta) => web.createUser(request, { meta }));
  }

  async function update(held: Held): Promise<void> {
    const requestId = crypto.randomUUID();
    const edit = pickEdit(random);
    const request = UpdateUserRequest.create({
      id: held.id,
      user: UserMessage.create(edit),
      updateMask: { paths: Object.keys(edit) },
      baseRevision: random.chance(0.5) ? held.revision : 0,
      requestId,
    });
    await write('update', held.id, requestId, edit, (meta) => web.updateUser(request, { meta }));
  }

  async function remove(held: Held): Promise<void> {
    const requestId = crypto.randomUUID();
    const request = DeleteUserRequest.create({ id: held.id, requestId });
    await write('delete', held.id, requestId, {}, (meta) => web.deleteUser(request, { meta }));
  }

  async function restore(held: Held): Promise<void> {
    const requestId = crypto.randomUUID();
    const request = UndeleteUserRequest.create({ id: held.id, requestId });
    await write('undelete', held.id, requestId, {}, (meta) => web.undeleteUser(request, { meta }));
  }

  async function read(held: Held): Promise<void> {
    const before = held.revision;
    const { hasGivenUp, code, response } = await untilAnswered(patience, () =>
      web.getUser(GetUserRequest.create({ id: held.id })),
    );
    if (hasGivenUp) failures.push(`read ${held.id}: ${code}`);
    const revision = response?.user?.revision ?? before;
    if (revision < before) failures.push(`read ${held.id}: revision ${revision} after ${before} was answered`);
  }

  function pickHeld(isDeleted: boolean): Held | undefined {
    const found = [...people.values()].filter((held) => held.isDeleted === isDeleted);
    return found[random.below(found.length)];
  }

  function act(): Promise<void> {
    const alive = pickHeld(false);
    const deleted = pickHeld(true);
    const size = [...people.values()].filter((held) => !held.isDeleted).length;
    const chance = random.next();
    if (!alive || (chance < 0.15 && size < aliveTarget)) return create();
    if (chance < 0.2 || (chance < 0.35 && size > aliveTarget)) return remove(alive);
    if (chance < 0.42 && deleted && size < aliveTarget) return restore(deleted);
    return chance < 0.5 ? read(alive) : update(alive);
  }

  /** Loads some hundred people at once, and takes them away again one by one through a stream. */
  async function bulk(): Promise<void> {
    const rows = Array.from({ length: 150 + random.below(200) }, () => makePerson(random));
    const created = await bulkCreate(rows.map((row) => CreateUserRequest.create(row)));
    await wait(1000 + random.below(3000));
    if (created) await bulkDelete(rows.map(({ id }) => id));
  }

  async function bulkCreate(rows: readonly CreateUserRequest[]): Promise<boolean> {
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
        note('bulk create', requestId, id, startedAt, { outcome, revision: undefined, code: 'OK' });
      }
      return true;
    } catch (thrown) {
      noteLost(
        'bulk create',
        requestId,
        rows.map(({ id }) => id),
        startedAt,
        thrown,
      );
      call.response.catch(() => undefined);
      return false;
    }
  }

  async function bulkDelete(ids: readonly string[]): Promise<void> {
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
        note('bulk delete', requestId, id, startedAt, { outcome, revision: undefined, code: SyncStatus[status] ?? '' });
      }
    } catch (thrown) {
      noteLost('bulk delete', requestId, [...open], startedAt, thrown);
    }
  }

  /** Streams have no request id that lets them be repeated: what was not answered may have happened. */
  function noteLost(op: string, requestId: string, ids: readonly string[], startedAt: number, thrown: unknown): void {
    const code = thrown instanceof RpcError ? thrown.code : String(thrown);
    for (const userId of ids)
      recorder.add({
        ...{
          kind: 'write',
          op,
          requestId,
          userId,
          startedAt,
          at: now(),
          outcome: 'unknown',
          revision: undefined,
          code,
        },
      });
  }

  function begin(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => void failures.push(String(error)))
      .finally(() => inFlight.delete(running));
    inFlight.add(running);
  }

  async function every(ms: number, work: () => Promise<void>): Promise<void> {
    while (!stopped.signal.aborted) {
      if (inFlight.size < maxInFlight) begin(work);
      await wait(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }

  const running = [every(1000 / options.writesPerSecond, act), ...(options.hasBulk ? [every(bulkEveryMs, bulk)] : [])];
  return {
    failures,
    anyUser: (chance) => {
      const ids = [...people.keys()];
      return ids[chance.below(ids.length)];
    },
    async stop() {
      stopped.abort();
      await Promise.all(running);
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}

function pickEdit(random: Random): Partial<User> {
  switch (random.below(5)) {
    case 0:
      return { role: pickRole(random) };
    case 1:
      return { state: pickState(random) };
    case 2:
      return { tags: pickTags(random) };
    case 3:
      return { name: pickName(random) };
    default:
      return { role: pickRole(random), tags: pickTags(random), metadata: { team: `team ${random.below(5)}` } };
  }
}

/** Whether a user has all that was asked for. */
function holds(user: User, asked: Partial<User>): boolean {
  return printOf({ ...user, ...asked }) === printOf(user);
}

interface End {
  readonly outcome: WriteOutcome;
  readonly revision?: number | undefined;
  readonly print?: string;
  readonly isIgnored?: boolean;
  readonly code: string;
  /** No answer came at all; its user would have seen an error. */
  readonly hasGivenUp?: boolean;
}

/** Calls until there is an answer that decides, or patience is out: then nobody knows whether it has happened. */
async function untilAnswered<O extends object>(
  patience: Patience,
  call: () => UnaryCall<object, O>,
): Promise<End & { readonly response?: O }> {
  for (let attempts = 0; ; attempts += 1) {
    try {
      return { outcome: 'acknowledged', code: 'OK', response: await call().response };
    } catch (thrown) {
      const { kind } = toAppError(thrown);
      const code = thrown instanceof RpcError ? `${thrown.code}: ${thrown.message}` : String(thrown);
      const canRepeat = kind === 'unreachable' || (patience.repeatsTimeouts && kind === 'timeout');
      if (canRepeat && attempts < patience.retries) {
        await wait(patience.delayMs(attempts));
        continue;
      }
      const isOpen = kind === 'unreachable' || kind === 'timeout' || kind === 'fault';
      // After an attempt without an answer a refusal does not decide: that attempt may still be on its way.
      return { outcome: isOpen || attempts > 0 ? 'unknown' : 'failed', code, hasGivenUp: isOpen };
    }
  }
}
