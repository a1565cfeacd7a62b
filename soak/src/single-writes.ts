import type { UnaryCall } from '@protobuf-ts/runtime-rpc';
import { type User, User as UserMessage } from '@roster/proto/gen/userservice/v1/user';
import {
  CreateUserRequest,
  DeleteUserRequest,
  GetUserRequest,
  UndeleteUserRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import type { Random } from '@roster/server/seed/random';
import { makePerson, pickName, pickRole, pickState, pickTags } from './people.ts';
import { now, type Recorder } from './recorder.ts';
import { type End, type Patience, untilAnswered } from './until-answered.ts';
import { printOf } from './user-facts.ts';

/** What the writers know of a user whom they have made. */
export interface Held {
  readonly id: string;
  revision: number;
  isDeleted: boolean;
}

/** Calls that change or read one user, each under a request id of its own that also stands in the history. */
export interface SingleWrites {
  create(): Promise<void>;
  update(held: Held): Promise<void>;
  remove(held: Held): Promise<void>;
  restore(held: Held): Promise<void>;
  read(held: Held): Promise<void>;
}

export interface SingleWriteParts {
  readonly web: IUserServiceClient;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly patience: Patience;
  readonly people: Map<string, Held>;
  onFailure(text: string): void;
}

export function createSingleWrites(parts: SingleWriteParts): SingleWrites {
  const { web, random, recorder, patience, people, onFailure } = parts;

  function note(op: string, requestId: string, userId: string, startedAt: number, end: End): void {
    const { outcome, revision, code, print, isIgnored } = end;
    const answer = { outcome, revision, code, ...(print ? { print } : {}), ...(isIgnored ? { isIgnored } : {}) };
    recorder.add({ kind: 'write', op, requestId, userId, startedAt, at: now(), ...answer });
    if (end.hasGivenUp) onFailure(`${op} ${requestId}: ${code}`);
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
    if (hasGivenUp) onFailure(`read ${held.id}: ${code}`);
    const revision = response?.user?.revision ?? before;
    if (revision < before) onFailure(`read ${held.id}: revision ${revision} after ${before} was answered`);
  }

  return { create, update, remove, restore, read };
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
