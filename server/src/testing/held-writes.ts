import { User, type UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { v7 as uuidV7 } from 'uuid';
import type { Database } from '../database/database.ts';
import type { Caller } from '../rpc/context.ts';
import { purgeUsers } from '../store/purged-users.ts';
import { drawRevisions, insertUsers, lockUser, replaceUser } from '../store/user-store.ts';

/** How a write goes: a held one keeps its transaction open, with its revision drawn and its row locked. */
export interface WriteOptions {
  readonly isHeld: boolean;
  readonly isDeleted: boolean;
}

/** Users of one run, told from those of the others by their name. */
export function createHeldWrites(database: Database, caller: Caller, name: string, userCount: number) {
  const ids = Array.from({ length: userCount }, () => uuidV7());
  const open = new Map<string, { readonly gate: PromiseWithResolvers<void>; readonly done: Promise<unknown> }>();
  const author = { caller, requestId: '', address: '', at: new Date() };

  /** Resolves when the write has been made, and committed unless it is held. */
  async function write(id: string, role: UserRole, options: WriteOptions): Promise<number> {
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
    async write(index: number, role: UserRole, options: WriteOptions): Promise<void> {
      const id = ids[index] ?? '';
      if (!open.has(id)) await write(id, role, options);
    },
    /** Erases a user who is deleted, and puts another in their place; without effect otherwise, or while a write has their row. */
    async purge(index: number): Promise<void> {
      const id = ids[index] ?? '';
      if (open.has(id)) return;
      await database.transaction(undefined, async (connection) => {
        const locked = await lockUser(connection, id);
        if (!locked?.user.deletedAt) return;
        await purgeUsers(connection, [id], author);
        ids[index] = uuidV7();
      });
    },
    commit,
    async commitAll(): Promise<void> {
      while (open.size > 0) await commit(0);
    },
    /** One more user, which every list of this run shows: whoever holds it has been told of all that was before. */
    async mark(admin: UserRole): Promise<{ readonly id: string; readonly revision: number }> {
      const id = uuidV7();
      return { id, revision: await write(id, admin, { isHeld: false, isDeleted: false }) };
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
