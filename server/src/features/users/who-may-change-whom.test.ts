import type { RpcTransport } from '@protobuf-ts/runtime-rpc';
import type { Status } from '@roster/proto/gen/google/rpc/status';
import { RevertUserChangeRequest } from '@roster/proto/gen/roster/history/v1/history_service';
import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { CreateUserRequest, SyncRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { type MaskField, maskFields } from '@roster/proto/mask-paths';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareTransport } from '../../testing/contract-calls.ts';
import { createTestToken, openTestApp } from '../../testing/test-app.ts';
import { browserHeaders, createPerson } from '../../testing/test-people.ts';
import { describeStatus, failed } from './testing/call-failure.ts';
import { bulkCreate, createOne, known, read, remove, restore, someone, sync, update } from './testing/user-calls.ts';

const { ADMIN, EDITOR, VIEWER } = UserRole;
const roles = [ADMIN, EDITOR, VIEWER];

let app: Awaited<ReturnType<typeof openTestApp>>;
let transport: ReturnType<typeof bareTransport>;
beforeAll(async () => {
  app = await openTestApp();
  transport = bareTransport(app.app.port);
  // Whatever the cases do to admins, one is left.
  await createPerson(app.database, { role: ADMIN });
});
afterAll(async () => {
  transport.close();
  await app.close();
});

interface Actor {
  readonly who: string;
  readonly role: UserRole;
  readonly isFresh: boolean;
  headers(): Promise<Record<string, string>>;
}

const program = (role: UserRole): Actor => ({
  who: `a program, ${UserRole[role]}`,
  role,
  isFresh: true,
  headers: async () => ({ authorization: `Bearer ${(await createTestToken(app.database, { role })).text}` }),
});
const person = (role: UserRole, isFresh: boolean): Actor => ({
  who: `a person, ${UserRole[role]}, ${isFresh ? 'fresh' : 'not fresh'}`,
  role,
  isFresh,
  headers: async () =>
    browserHeaders(await createPerson(app.database, { role, isFresh }), `http://127.0.0.1:${app.app.port}`),
});
const actors = roles.flatMap((role) => [program(role), person(role, true), person(role, false)]);

const clientOf = async (actor: Actor) => new UserServiceClient(await transportOf(actor));

/** All actors share a connection; what tells them apart comes with each call. */
async function transportOf(actor: Actor): Promise<RpcTransport> {
  const meta = await actor.headers();
  return {
    mergeOptions: (options) => transport.mergeOptions({ ...options, meta }),
    unary: (method, input, options) => transport.unary(method, input, options),
    serverStreaming: (method, input, options) => transport.serverStreaming(method, input, options),
    clientStreaming: (method, options) => transport.clientStreaming(method, options),
    duplex: (method, options) => transport.duplex(method, options),
  };
}

/** The rules in words, written down apart from the table that the server applies. */
function answerTo(actor: Actor, target: UserRole | undefined, field: MaskField | undefined, given?: UserRole): string {
  if (actor.role === VIEWER) return 'ROLE_TOO_LOW';
  if (actor.role === EDITOR && target === ADMIN) return 'TARGET_ABOVE_ROLE';
  if (actor.role === EDITOR && given === ADMIN) return 'ROLE_ABOVE_OWN';
  if (!actor.isFresh && target !== undefined && (field === 'email' || field === 'role'))
    return 'FRESH_SIGN_IN_REQUIRED';
  return 'done';
}

interface FieldCase {
  readonly field: MaskField;
  readonly given?: UserRole;
}

/** Each field; the role once for each other one. */
function changesOf(target: UserRole): readonly FieldCase[] {
  const roleCases = roles.filter((role) => role !== target).map((given): FieldCase => ({ field: 'role', given }));
  return [...maskFields.filter((field) => field !== 'role').map((field) => ({ field })), ...roleCases];
}

/** A value that nobody has yet. */
function patchOf(field: MaskField, given: UserRole = VIEWER): Partial<User> {
  switch (field) {
    case 'name':
      return { name: 'Renamed' };
    case 'email':
      return { email: `${crypto.randomUUID()}@example.org` };
    case 'role':
      return { role: given };
    case 'state':
      return { state: UserState.SUSPENDED };
    case 'address':
      return { address: { street: 'A Street', city: '', state: '', country: '', postalCode: '' } };
    case 'tags':
      return { tags: ['new'] };
    case 'metadata':
      return { metadata: { key: 'value' } };
  }
}

async function outcome(call: PromiseLike<unknown>): Promise<string> {
  const [settled] = await Promise.allSettled([call]);
  return settled.status === 'fulfilled' ? 'done' : known((await failed(call)).reason);
}

/** What one row of a bulk call comes to, whose own failure stands in its answer. */
async function rowOutcome(answer: Promise<Status | undefined>): Promise<string> {
  const [settled] = await Promise.allSettled([answer]);
  if (settled.status === 'rejected') return known((await failed(answer)).reason);
  return settled.value ? known(describeStatus(settled.value).reason) : 'done';
}

const syncOutcome = (client: UserServiceClient, action: SyncRequest['action']) =>
  rowOutcome(sync(client, [action]).then(([answer]) => answer?.error));
const bulkOutcome = (client: UserServiceClient, row: CreateUserRequest) =>
  rowOutcome(bulkCreate(client, [row]).then(({ failures }) => failures[0]?.status));

const upsert = (user: Partial<User>): SyncRequest['action'] => ({ oneofKind: 'upsert', upsert: User.create(user) });
const targetOf = async (role: UserRole) => (await createPerson(app.database, { role, name: 'Target' })).user;

describe.each(actors)('by $who', (actor) => {
  test.each(roles)('29. each field of somebody with role %s, by UpdateUser and by SyncUsers', async (targetRole) => {
    const client = await clientOf(actor);
    const answers: unknown[] = [];
    const expected: unknown[] = [];
    for (const { field, given } of changesOf(targetRole)) {
      const answer = answerTo(actor, targetRole, field, given);
      for (const way of ['mask', 'populated', 'sync']) {
        const before = await targetOf(targetRole);
        const patch = patchOf(field, given);
        const { id } = before;
        const edit = { id, user: patch, ...(way === 'mask' && { updateMask: { paths: [field] } }) };
        const call = way === 'sync' ? syncOutcome(client, upsert({ ...patch, id })) : outcome(update(client, edit));
        answers.push([way, field, given, await call, await read(app.client, id)]);
        const after = { ...before, ...patch, revision: expect.any(Number), updatedAt: expect.anything() };
        expected.push([way, field, given, answer, answer === 'done' ? after : before]);
      }
    }
    expect(answers).toEqual(expected);
  });

  test.each(roles)('29. deleting and restoring somebody with role %s', async (targetRole) => {
    const client = await clientOf(actor);
    const expected = answerTo(actor, targetRole, undefined);
    const isDeleted = async (id: string) => (await read(app.client, id)).deletedAt !== undefined;

    const first = await targetOf(targetRole);
    expect(await outcome(remove(client, first.id))).toBe(expected);
    expect(await isDeleted(first.id)).toBe(expected === 'done');

    const second = await targetOf(targetRole);
    expect(await syncOutcome(client, { oneofKind: 'deleteId', deleteId: second.id })).toBe(expected);
    expect(await isDeleted(second.id)).toBe(expected === 'done');

    if (expected !== 'done') await remove(app.client, first.id);
    expect(await outcome(restore(client, first.id))).toBe(expected);
    expect(await isDeleted(first.id)).toBe(expected !== 'done');
  });

  test('29. taking back what was done to others', async () => {
    const history = new HistoryServiceClient(await transportOf(actor));
    const cases: readonly (FieldCase & { readonly from: UserRole; readonly edit: Partial<User> })[] = [
      { from: VIEWER, field: 'name', edit: { name: 'Renamed' } },
      { from: ADMIN, field: 'name', edit: { name: 'Renamed' } },
      { from: EDITOR, field: 'email', edit: { email: `${crypto.randomUUID()}@example.org` } },
      { from: ADMIN, field: 'role', edit: { role: VIEWER }, given: ADMIN },
      { from: EDITOR, field: 'role', edit: { role: ADMIN }, given: EDITOR },
    ];
    for (const { from, field, edit, given } of cases) {
      const before = await targetOf(from);
      const edited = await update(app.client, { id: before.id, user: edit });
      const answer = answerTo(actor, edited.role, field, given);
      const call = history.revertUserChange(RevertUserChangeRequest.create({ revision: edited.revision }));
      expect([field, from, await outcome(call)]).toEqual([field, from, answer]);
      const stamps = { revision: expect.any(Number), updatedAt: expect.anything() };
      expect(await read(app.client, before.id)).toEqual(answer === 'done' ? { ...before, ...stamps } : edited);
    }
  });

  test.each(roles)('29. creating somebody with role %s, alone, in bulk and by sync', async (role) => {
    const client = await clientOf(actor);
    const expected = answerTo(actor, undefined, 'role', role);
    const ways = [
      (row: CreateUserRequest) => outcome(client.createUser(row)),
      (row: CreateUserRequest) => bulkOutcome(client, row),
      ({ id, name, email }: CreateUserRequest) => syncOutcome(client, upsert({ id, name, email, role })),
    ];
    for (const create of ways) {
      const row = someone({ role, id: crypto.randomUUID() });
      expect(await create(row)).toBe(expected);
      const found = await outcome(app.client.getUser({ id: row.id }));
      expect(found).toBe(expected === 'done' ? 'done' : 'NOT_FOUND');
    }
  });
});

test('a refused role is a violation of its field, wherever it stands', async () => {
  const client = await clientOf(program(EDITOR));
  const { id } = await targetOf(VIEWER);
  const refused = (field: string) => ({
    code: 'PERMISSION_DENIED',
    reason: 'ROLE_ABOVE_OWN',
    violations: [`${field} ROLE_ABOVE_OWN`],
  });
  expect(await failed(client.createUser(someone({ role: ADMIN })))).toMatchObject(refused('role'));
  expect(await failed(update(client, { id, user: { role: ADMIN } }))).toMatchObject(refused('user.role'));
  const [answer] = await sync(client, [upsert({ id, role: ADMIN })]);
  expect(describeStatus(answer?.error)).toMatchObject(refused('upsert.role'));
  const { failures } = await bulkCreate(client, [someone({ role: ADMIN })]);
  expect(describeStatus(failures[0]?.status)).toMatchObject(refused('role'));
});

test('38. changing an email or a role asks a person for a fresh sign-in, and creating somebody does not', async () => {
  const stale = await clientOf(person(ADMIN, false));
  const { id } = await targetOf(VIEWER);
  const asked = { code: 'PERMISSION_DENIED', reason: 'FRESH_SIGN_IN_REQUIRED' };
  const email = `${crypto.randomUUID()}@example.org`;
  expect(await failed(update(stale, { id, user: { email } }))).toMatchObject(asked);
  expect(await failed(update(stale, { id, user: { role: EDITOR } }))).toMatchObject(asked);
  expect(await failed(update(stale, { id, user: { name: 'Renamed', role: EDITOR } }))).toMatchObject(asked);
  expect(await read(app.client, id)).toMatchObject({ name: 'Target', role: VIEWER });
  expect((await createOne(stale, { role: ADMIN })).role).toBe(ADMIN);
  const fresh = await clientOf(person(ADMIN, true));
  expect(await update(fresh, { id, user: { email, role: EDITOR } })).toMatchObject({ email, role: EDITOR });
});

test('what an edit leaves as it is asks for no right', async () => {
  const stale = await clientOf(person(EDITOR, false));
  const viewer = await targetOf(VIEWER);
  const whole = { id: viewer.id, user: { ...viewer, name: 'Renamed' }, updateMask: { paths: ['*'] } };
  expect((await update(stale, whole)).name).toBe('Renamed');
  const admin = await targetOf(ADMIN);
  const same = { id: admin.id, user: admin, updateMask: { paths: ['*'] } };
  expect(await update(stale, same)).toEqual(admin);
  const other = { ...same, user: { ...admin, tags: ['x'] } };
  expect((await failed(update(stale, other))).reason).toBe('TARGET_ABOVE_ROLE');
});

test('the incident of Keycloak’s import: an EDITOR’s load makes no ADMIN, and its other rows stand', async () => {
  const client = await clientOf(program(EDITOR));
  const rows = [VIEWER, ADMIN, EDITOR, ADMIN].map((role) => someone({ role, id: crypto.randomUUID() }));
  const { createdCount, failedIds } = await bulkCreate(client, rows);
  expect({ createdCount, failedIds }).toEqual({ createdCount: 2, failedIds: [rows[1]?.id, rows[3]?.id] });
});
