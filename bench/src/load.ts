import { setTimeout as wait } from 'node:timers/promises';
import { foldKey } from '@roster/proto/fold';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { Client } from 'pg';
import { parentOf, processTree } from './cpu.ts';

/**
 * Writes changes straight into the database, so that every server under test finds the same ones at the same cost. Each transaction is what a save is: the
 * row, its history, its place in the outbox; then the outbox moves into the feed.
 */
export interface Load {
  /** All processes of PostgreSQL but the writer's own, and that one. */
  postgresPids(): readonly number[];
  readonly writerPid: number;
  /** Changes the users in turn, `perSecond` of them; resolves with how many it were. */
  run(users: User[], options: { readonly perSecond: number; readonly seconds: number }): Promise<number>;
  close(): Promise<void>;
}

/** Faster loads commit several changes at a time, so that the writing does not hide what is measured. */
const longestPauseMs = 1000;
const shortestPauseMs = 50;

export async function openLoad(databaseUrl: string): Promise<Load> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const [row] = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  const writerPid = row?.pid ?? 0;
  const postmaster = parentOf(writerPid);
  return {
    writerPid,
    postgresPids: () => processTree(postmaster).filter((pid) => pid !== writerPid),
    async run(users, { perSecond, seconds }) {
      const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, 1000 / perSecond));
      const startedAt = performance.now();
      const total = Math.round(perSecond * seconds);
      let written = 0;
      for (let tick = 1; written < total; tick += 1) {
        const due = Math.min(total, Math.ceil((perSecond * (performance.now() - startedAt)) / 1000));
        const batch = Math.min(due - written, 1000);
        if (batch > 0) await writeChanges(client, users, written, batch);
        written += Math.max(0, batch);
        await wait(Math.max(0, startedAt + tick * pauseMs - performance.now()));
      }
      return written;
    },
    close: () => client.end(),
  };
}

async function writeChanges(client: Client, users: User[], from: number, count: number): Promise<void> {
  const places = Array.from({ length: Math.min(count, users.length) }, (_, at) => (from + at) % users.length);
  const at = new Date();
  const drawn = await client.query<{ revision: string }>({
    name: 'draw',
    text: `select nextval('revision') as revision from generate_series(1, $1)`,
    values: [places.length],
  });
  const befores = places.map((place) => userAt(users, place));
  const afters = befores.map((user, index) => changed(user, Number(drawn.rows[index]?.revision), at));
  await client.query({
    name: 'change',
    text: `with input as (
        select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::bytea[], $6::bytea[]) as t(id, revision, name, name_key, before, after)
      ), replaced as (
        update users u set name = t.name, name_key = t.name_key, revision = t.revision, updated_at = $7,
          search_key = concat_ws(E'\\n', t.name_key, u.email_key, u.id)
        from input t where u.id = t.id returning u.id, u.role, u.state
      ), logged as (
        insert into changes (revision, user_id, kind, paths, role_before, role_after, state_before, state_after, actor_id, actor, at, before, after)
        select t.revision, t.id, 'updated', '{name}', r.role, r.role, r.state, r.state, 'bench', 'Bench', $7, t.before, t.after
        from input t join replaced r using (id)
      )
      insert into outbox select revision from input`,
    values: [
      afters.map((user) => user.id),
      afters.map((user) => user.revision),
      afters.map((user) => user.name),
      afters.map((user) => foldKey(user.name)),
      befores.map((user) => Buffer.from(User.toBinary(user))),
      afters.map((user) => Buffer.from(User.toBinary(user))),
      at,
    ],
  });
  await client.query({ name: 'advance', text: 'select feed_advance(1000)' });
  for (const [index, place] of places.entries()) users[place] = afters[index] ?? userAt(users, place);
}

function userAt(users: readonly User[], place: number): User {
  const user = users[place];
  if (!user) throw new Error('There are no users to change.');
  return user;
}

/** The name carries when its change set out, which the watchers read. */
function changed(user: User, revision: number, at: Date): User {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const updatedAt = { seconds, nanos: (at.getTime() % 1000) * 1_000_000 };
  return { ...user, revision, updatedAt, name: `${user.name.replace(/ @\d+$/, '')} @${at.getTime()}` };
}
