import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import fc from 'fast-check';
import { v7 as uuidV7 } from 'uuid';
import { expect, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { readTokenKey } from '../database/store-identity.ts';
import { createJumps } from '../features/users/jumps.ts';
import { listUsers } from '../features/users/list-users.ts';
import { drawRevisions, insertUsers, lockUser, replaceUser } from '../features/users/user-store.ts';
import { openPacedReader, type PacedReader, type ReaderState } from '../testing/paced-reader.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { createFeedStore } from './feed-store.ts';
import { createTokenSealer } from './sealed-token.ts';
import { createWatchHub } from './watch-hub.ts';

const caller = { id: 'operator', name: 'Local operator', role: UserRole.ADMIN, sessionId: undefined };
const userCount = 5;
const user = fc.nat({ max: userCount - 1 });
const role = fc.constantFrom(UserRole.ADMIN, UserRole.VIEWER);
const reader = fc.nat({ max: 2 });

/** One step of a random schedule. Writes that are held keep their transaction open, so that they commit in another order than their revisions were drawn. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      user,
      role,
      isHeld: fc.boolean(),
      isDeleted: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit' as const), which: fc.nat({ max: 9 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('sequence' as const), batch: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 7,
    arbitrary: fc.record({ kind: fc.constant('read' as const), reader, messages: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), reader }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('bookmark' as const), reader }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const), keep: fc.nat({ max: 4 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Users of one run, told from those of the others by their name. */
function createWriter(database: Database, name: string) {
  const ids = Array.from({ length: userCount }, () => uuidV7());
  const open = new Map<string, { readonly gate: PromiseWithResolvers<void>; readonly done: Promise<unknown> }>();
  const author = { caller, requestId: '', at: new Date() };

  /** Resolves when the write has been made, and committed unless it is held. */
  async function write(id: string, role: UserRole, options: { isHeld: boolean; isDeleted: boolean }): Promise<number> {
    const gate = Promise.withResolvers<void>();
    const written = Promise.withResolvers<number>();
    if (!options.isHeld) gate.resolve();
    const done = database.transaction(undefined, async (connection) => {
      const locked = await lockUser(connection, id);
      const [revision = 0] = await drawRevisions(connection, 1);
      const at = { seconds: String(revision), nanos: 0 };
      const email = `${id}@example.org`;
      const after = User.create({
        id,
        name,
        email,
        role,
        state: UserState.ACTIVE,
        revision,
        createdAt: at,
        updatedAt: at,
      });
      if (!locked) await insertUsers(connection, [after], author);
      else {
        const deleted = options.isDeleted ? { deletedAt: at } : {};
        const change = { before: locked.user, after: { ...after, ...deleted }, paths: ['role'], fieldRevisions: {} };
        await replaceUser(connection, { kind: 'updated', ...change, author });
      }
      written.resolve(revision);
      await gate.promise;
    });
    done.catch(written.reject);
    if (options.isHeld) open.set(id, { gate, done });
    else await done;
    return written.promise;
  }

  async function commit(which: number): Promise<void> {
    const [id, one] = [...open][which % Math.max(1, open.size)] ?? [];
    if (id === undefined || !one) return;
    open.delete(id);
    one.gate.resolve();
    await one.done;
  }

  return {
    /** Without effect while another write has the user's row. */
    async write(index: number, role: UserRole, options: { isHeld: boolean; isDeleted: boolean }): Promise<void> {
      const id = ids[index] ?? '';
      if (!open.has(id)) await write(id, role, options);
    },
    commit,
    async commitAll(): Promise<void> {
      while (open.size > 0) await commit(0);
    },
    /** One more user, which every list of this run shows: whoever holds it has been told of all that was before. */
    async mark(): Promise<{ readonly id: string; readonly revision: number }> {
      const id = uuidV7();
      return { id, revision: await write(id, UserRole.ADMIN, { isHeld: false, isDeleted: false }) };
    },
    async truth(condition: string): Promise<ReadonlyMap<string, number>> {
      const rows = await database.run(undefined, (connection) =>
        connection.query<{ id: string; revision: number }>(
          `select id, revision from users where name = $1 and ${condition}`,
          [name],
        ),
      );
      return new Map(rows.map(({ id, revision }) => [id, revision]));
    },
  };
}

const lists = [
  { filter: '', showDeleted: false, condition: 'deleted_at is null' },
  { filter: ' AND role = ADMIN', showDeleted: false, condition: 'deleted_at is null and role = 1' },
  { filter: ' AND role = ADMIN', showDeleted: true, condition: 'role = 1' },
] as const;

async function openHub(database: Database) {
  const store = createFeedStore(database);
  const sealer = createTokenSealer(await readTokenKey(database));
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  // So few that a reader that does not read is told to list anew.
  const hub = await createWatchHub({
    store,
    sealer,
    heartbeatMs: 1000,
    maxAgeMs: 60_000,
    maxBehind: 12,
    pollMs: 50,
    onError,
  });
  const jumps = createJumps({ database, log: hub.log, onError });
  const handle = listUsers({ database, hub, jumps, sealer, heartbeatMs: 1000 });
  const stop = async () => {
    await jumps.stop();
    await hub.stop();
  };
  return { store, hub, handle, errors, stop };
}

test('whatever is written, committed, sequenced, read, cut and compacted in whatever order, every reader and every bookmark ends with the rows of the store', {
  timeout: 60_000,
}, async () => {
  const { database } = await openTestDatabase({ maxConnections: 16 });
  let runs = 0;

  async function play(steps: readonly Step[]): Promise<void> {
    runs += 1;
    const name = `run${runs}x`;
    const { store, hub, handle, errors, stop } = await openHub(database);
    const writer = createWriter(database, name);
    const open = (list: (typeof lists)[number], start?: ReaderState) =>
      openPacedReader(
        handle,
        ListUsersRequest.create({ watch: true, filter: `name:"${name}"${list.filter}`, showDeleted: list.showDeleted }),
        caller,
        start,
      );
    const readers: { readonly list: (typeof lists)[number]; readonly reader: PacedReader }[] = lists.map((list) => ({
      list,
      reader: open(list),
    }));
    const bookmarks: { readonly list: (typeof lists)[number]; readonly state: ReaderState }[] = [];

    async function run(one: Step): Promise<void> {
      switch (one.kind) {
        case 'write':
          return writer.write(one.user, one.role, one);
        case 'commit':
          return writer.commit(one.which);
        case 'sequence':
          await store.advance(one.batch);
          return hub.hint();
        case 'read':
          return readers[one.reader]?.reader.allow(one.messages);
        case 'cut':
          return readers[one.reader]?.reader.cut();
        case 'bookmark': {
          const { list, reader } = readers[one.reader] ?? {};
          const state = reader?.bookmark();
          if (list && state) bookmarks.push({ list, state });
          return;
        }
        case 'compact':
          return store.trim(one.keep);
      }
    }

    try {
      for (const one of steps) await run(one);
      for (const { list, state } of bookmarks) readers.push({ list, reader: open(list, state) });
      await writer.commitAll();
      const { id, revision } = await writer.mark();
      while ((await store.advance(1000)) > 0);
      hub.hint();
      for (const { list, reader } of readers) {
        reader.allow(Number.POSITIVE_INFINITY);
        await Promise.race([reader.until(id, revision), reader.failure]);
        expect(sorted(reader.rows())).toEqual(sorted(await writer.truth(list.condition)));
      }
      expect(errors).toEqual([]);
    } finally {
      await writer.commitAll();
      await Promise.all(readers.map(({ reader }) => reader.close()));
      await stop();
    }
  }

  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), play), {
    numRuns: Number(process.env['FC_RUNS'] ?? 100),
    interruptAfterTimeLimit: 15_000,
  });
  expect(runs).toBeGreaterThan(3);
});

function sorted(rows: ReadonlyMap<string, number>): string[] {
  return [...rows].map(([id, revision]) => `${id}@${revision}`).sort();
}
