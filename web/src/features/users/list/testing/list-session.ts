import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { Order } from '@roster/proto/order';
import fc from 'fast-check';
import type { ListRows } from '../list-rows.ts';
import { type LoadPlan, planLoad } from '../plan-load.ts';
import type { UserPage } from '../read-page.ts';
import { createModelStore, type ModelStore } from './model-store.ts';

export const pageSize = 4;
const ids = Array.from({ length: 24 }, (_, i) => `u${String(i).padStart(2, '0')}`);
const names = ['a', 'B', 'ç', 'd', 'e', 'f', 'g', '𝔥'];

const kind = <K extends string>(name: K) => ({ kind: fc.constant(name) });
const oneOf = { which: fc.nat({ max: 9 }) };
const place = { first: fc.nat({ max: 24 }) };

/** One step of a random schedule over some users. Numbers are taken modulo what there is. */
function stepOver(some: readonly string[]) {
  const id = fc.constantFrom(...some);
  const write = { id, name: fc.constantFrom(...names), isViewer: fc.boolean() };
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ ...kind('put'), ...write }) },
    { weight: 3, arbitrary: fc.record({ ...kind('begin'), ...write }) },
    { weight: 3, arbitrary: fc.record({ ...kind('commit'), ...oneOf }) },
    { weight: 2, arbitrary: fc.record({ ...kind('remove'), id }) },
    { weight: 1, arbitrary: fc.record({ ...kind('expel'), id }) },
    { weight: 4, arbitrary: fc.record(kind('sequence')) },
    { weight: 5, arbitrary: fc.record({ ...kind('deliver'), count: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ ...kind('resume'), back: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 3, arbitrary: fc.record({ ...kind('read'), ...place }) },
    { weight: 3, arbitrary: fc.record(kind('lay')) },
    { weight: 3, arbitrary: fc.record({ ...kind('answer'), ...write }) },
    { weight: 3, arbitrary: fc.record(kind('hear')) },
    { weight: 1, arbitrary: fc.record({ ...kind('trim'), ...place }) },
    { weight: 1, arbitrary: fc.record(kind('replace')) },
  );
}

type Step = ReturnType<typeof stepOver> extends fc.Arbitrary<infer T> ? T : never;

/** Over all users, or over a few whose changes then meet on the way. */
export const schedules = fc.oneof(
  fc.array(stepOver(ids), { maxLength: 60 }),
  fc.array(stepOver(['u00', 'u13', 'u14']), { maxLength: 60, size: 'max' }),
);

/** A client, the store that it follows, and what is on the way between them. */
export interface ListSession {
  readonly store: ModelStore;
  readonly rows: ListRows;
  /** Up to where the client has followed the feed, and where its snapshot stood. */
  position: number;
  snapshotAt: number;
  /** Answers to one's own edits that are still on their way. */
  readonly answers: User[];
  reading: { readonly plan: LoadPlan; readonly page: UserPage } | undefined;
  /** The newest revision that the feed or a page has told of each user. */
  readonly told: Map<string, number>;
  /** The answers heard since their rows were last held. */
  readonly answered: Map<string, User>;
}

/** A client that has read its first page, of a store that holds some users already. */
export function startSession(order: Order, rows: ListRows): ListSession {
  const store = createModelStore(order);
  for (const [i, id] of ids.slice(0, 16).entries()) store.put(id, names[i % names.length] ?? '', i % 4 !== 3);
  store.sequence();
  const session = { store, rows, position: 0, snapshotAt: 0, answers: [], reading: undefined };
  const started: ListSession = { ...session, told: new Map(), answered: new Map() };
  replace(started);
  return started;
}

export function run(session: ListSession, one: Step): void {
  const { store, rows } = session;
  switch (one.kind) {
    case 'put':
      store.put(one.id, one.name, one.isViewer);
      break;
    case 'begin':
      store.begin(one.id, one.name, one.isViewer);
      break;
    case 'commit':
      store.commit(one.which);
      break;
    case 'remove':
      store.remove(one.id);
      break;
    case 'expel':
      store.expel(one.id);
      break;
    case 'sequence':
      store.sequence();
      break;
    case 'deliver':
      deliver(session, one.count);
      break;
    case 'resume':
      session.position = Math.max(session.snapshotAt, session.position - one.back);
      break;
    case 'read':
      read(session, one.first);
      break;
    case 'lay':
      lay(session);
      break;
    case 'answer':
      session.answers.push(...[store.put(one.id, one.name, one.isViewer)].filter((user) => user !== undefined));
      break;
    case 'hear':
      hear(session);
      break;
    case 'trim':
      rows.trim({ first: one.first, last: one.first + 3 }, 8);
      break;
    case 'replace':
      replace(session);
      break;
  }
  for (const id of session.answered.keys()) if (!rows.find(id)) session.answered.delete(id);
}

/** Writing stops; everything under way arrives. */
export function quiesce(session: ListSession): void {
  for (let i = 0; i < ids.length; i += 1) session.store.commit(0);
  session.store.sequence();
  lay(session);
  deliver(session, Number.POSITIVE_INFINITY);
  hear(session);
}

function deliver(session: ListSession, count: number): void {
  const to = Math.min(session.position + count, session.store.position());
  const { upserts, removals } = session.store.fold(session.position, to);
  tell(session, upserts);
  session.rows.applyChanges(upserts, removals, 0);
  session.position = to;
}

function read(session: ListSession, first: number): void {
  const { store, rows } = session;
  const plan = planLoad(rows.windows(), { first, last: first + 3 }, store.truth().length + 4, pageSize);
  if (!plan || session.reading) return;
  rows.beginPage();
  session.reading = { plan, page: store.page(plan.kind === 'after' ? { after: plan.token } : plan, pageSize) };
  tell(session, session.reading.page.users);
}

function lay(session: ListSession): void {
  if (session.reading) session.rows.addPage(session.reading.plan, session.reading.page);
  session.rows.endPage();
  session.reading = undefined;
}

function hear({ rows, answers, answered }: ListSession): void {
  for (const user of answers.splice(0)) {
    if (rows.find(user.id)) answered.set(user.id, user);
    rows.answer(user);
  }
}

/** What a resume token that cannot be used leads to, and a first connection. */
function replace(session: ListSession): void {
  session.reading = undefined;
  session.rows.endPage();
  session.position = session.store.position();
  session.snapshotAt = session.position;
  const page = session.store.page({ skip: 0 }, pageSize);
  tell(session, page.users);
  session.rows.replace(page);
}

function tell({ told }: ListSession, users: readonly User[]): void {
  for (const { id, revision } of users) told.set(id, Math.max(revision, told.get(id) ?? 0));
}
