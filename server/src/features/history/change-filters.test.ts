import { ChangeKind, type UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { formatLeaf, leafValue, leavesOf, maskFields, parseMaskPath } from '@roster/proto/mask-paths';
import { epochMs } from '@roster/proto/order';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timestampOf } from '../../store/user-row.ts';
import { createTestToken, startTestApp } from '../../testing/test-app.ts';
import { transportOfProgram } from '../../testing/test-people.ts';
import { known } from '../users/testing/user-calls.ts';
import { historyOf, walkChanges } from './testing/history-calls.ts';
import { deeds, perform } from './testing/random-history.ts';

/** A change as the table has it, judged without any of the code under test. */
interface Kept {
  readonly revision: number;
  readonly user_id: string;
  readonly actor_id: string;
  readonly at: number;
  readonly before: User | undefined;
  readonly after: User;
}

interface Wanted {
  readonly revision: number;
  readonly userId: string;
  readonly actorId: string;
  readonly kind: ChangeKind;
  readonly path: string;
  readonly roleGiven: UserRole;
  readonly since: number;
  readonly until: number;
}

function kindOf({ before, after }: Kept): ChangeKind {
  if (!before) return ChangeKind.CREATED;
  if (Boolean(before.deletedAt) === Boolean(after.deletedAt)) return ChangeKind.UPDATED;
  return after.deletedAt ? ChangeKind.DELETED : ChangeKind.UNDELETED;
}

function changesPath({ before, after }: Kept, path: string): boolean {
  const masked = parseMaskPath(path);
  if (!masked || !before) return false;
  return leavesOf(masked, before, after).some((leaf) => leafValue(before, leaf) !== leafValue(after, leaf));
}

function matches(kept: Kept, wanted: Partial<Wanted>): boolean {
  return (
    (wanted.revision === undefined || kept.revision === wanted.revision) &&
    (wanted.userId === undefined || kept.user_id === wanted.userId) &&
    (wanted.actorId === undefined || kept.actor_id === wanted.actorId) &&
    (wanted.kind === undefined || kindOf(kept) === wanted.kind) &&
    (wanted.path === undefined || changesPath(kept, wanted.path)) &&
    (wanted.roleGiven === undefined ||
      (kept.after.role === wanted.roleGiven && kept.before?.role !== wanted.roleGiven)) &&
    (wanted.since === undefined || kept.at >= wanted.since) &&
    (wanted.until === undefined || kept.at < wanted.until)
  );
}

test('every combination of filters shows exactly the changes that a plain reading of the table finds, in order', async () => {
  const app = await startTestApp();
  const second = new UserServiceClient(transportOfProgram(await createTestToken(app.database), app));
  const history = historyOf(app);
  const [all] = fc.sample(deeds, { numRuns: 1, seed: 7 });
  const [more] = fc.sample(deeds, { numRuns: 1, seed: 11 });
  await perform([app.client, second], known(all));
  await perform([second, app.client], known(more));
  const rows = await app.database.run(undefined, (connection) =>
    connection.query<Omit<Kept, 'before' | 'after'> & { before: Buffer | null; after: Buffer }>(
      'select revision, user_id, actor_id, at, before, after from changes order by revision desc',
    ),
  );
  const kept = rows.map((row) => ({
    ...row,
    before: row.before ? User.fromBinary(row.before) : undefined,
    after: User.fromBinary(row.after),
  }));
  const anyOf = <T>(values: Iterable<T>) => fc.constantFrom(...new Set(values));
  const leaves = maskFields.flatMap((field) =>
    kept.flatMap(({ before, after }) => (before ? leavesOf({ field }, before, after).map(formatLeaf) : [])),
  );
  const every: fc.Arbitrary<Wanted> = fc.record({
    revision: anyOf(kept.map(({ revision }) => revision)),
    userId: anyOf([...kept.map((change) => change.user_id), crypto.randomUUID()]),
    actorId: anyOf([...kept.map((change) => change.actor_id), 'host']),
    kind: fc.constantFrom(ChangeKind.CREATED, ChangeKind.UPDATED, ChangeKind.DELETED, ChangeKind.UNDELETED),
    path: anyOf([...maskFields, ...leaves, 'metadata.nothing']),
    roleGiven: fc.constantFrom(UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER),
    since: anyOf(kept.map(({ at }) => at)),
    until: anyOf(kept.map(({ at }) => at + 1)),
  });
  const names: readonly (keyof Wanted)[] = [
    'revision',
    'userId',
    'actorId',
    'kind',
    'path',
    'roleGiven',
    'since',
    'until',
  ];
  const wanted = fc
    .tuple(every, fc.subarray([...names], { maxLength: 4 }))
    .map(([all, some]): Partial<Wanted> => Object.fromEntries(some.map((name) => [name, all[name]])));
  let nonEmpty = 0;
  await fc.assert(
    fc.asyncProperty(wanted, fc.integer({ min: 1, max: 30 }), async (filter, pageSize) => {
      const { since, until, ...others } = filter;
      const found: UserChange[] = await walkChanges(history, {
        ...others,
        pageSize,
        ...(since !== undefined && { since: timestampOf(since) }),
        ...(until !== undefined && { until: timestampOf(until) }),
      });
      const expected = kept.filter((change) => matches(change, filter));
      expect(found.map(({ revision }) => revision)).toEqual(expected.map(({ revision }) => revision));
      expect(found.map(({ kind }) => kind)).toEqual(expected.map(kindOf));
      expect(found.map(({ changedAt }) => epochMs(changedAt))).toEqual(expected.map(({ at }) => at));
      if (found.length > 0 && Object.keys(filter).length > 1) nonEmpty += 1;
    }),
    { numRuns: 150 },
  );
  // The property has looked at something.
  expect(nonEmpty).toBeGreaterThan(10);
}, 60_000);
