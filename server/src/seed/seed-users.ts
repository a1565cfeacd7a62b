import { User } from '@roster/proto/gen/userservice/v1/user';
import { type CopyValue, copyLine, createLoader, type Loader } from '../database/copy.ts';
import { encodedVersion, rowFromUser, writtenColumnNames } from '../store/user-row.ts';
import { readCountries } from './countries.ts';
import { makePerson } from './make-person.ts';
import { createRandom } from './random.ts';

/** Rows a transaction; each takes its place in the feed, so open consoles see the people arrive. */
const batchSize = 5000;

/**
 * Adds `count` made-up people to a migrated store, with their history and their places in the feed.
 *
 * What has been committed when it is ended stays; a second run adds others.
 */
export async function seedUsers(
  store: Parameters<typeof createLoader>[0],
  count: number,
  onProgress: (done: number) => void,
): Promise<void> {
  const loader = await createLoader(store);
  try {
    const countries = readCountries();
    const [first] = await loader.query<{ total: number }>('select last_value as total from revision');
    const start = first?.total ?? 0;
    const random = createRandom(start + 1);
    const now = Date.now();
    for (let done = 0; done < count; ) {
      const size = Math.min(batchSize, count - done);
      const people = Array.from({ length: size }, (_, at) => makePerson(random, countries, start + done + at, now));
      await loadPeople(loader, people);
      await loader.query('select feed_advance(1000) from generate_series(1, $1)', [Math.ceil(size / 1000)]);
      done += size;
      onProgress(done);
    }
    await loader.query('vacuum (analyze) users');
  } finally {
    await loader.close();
  }
}

async function loadPeople(loader: Loader, people: readonly User[]): Promise<void> {
  const drawn = await loader.query<{ revision: number }>(
    `select nextval('revision') as revision from generate_series(1, $1)`,
    [people.length],
  );
  const users = people.map((person, at) => ({ ...person, revision: drawn[at]?.revision ?? 0 }));
  await loader.load([
    { into: `users (${writtenColumnNames.join(', ')}, encoded, encoded_version)`, lines: users.map(userLine) },
    {
      into: `changes (revision, user_id, kind, paths, role_after, state_after, actor_id, actor, at, after)`,
      lines: users.map(changeLine),
    },
    { into: 'outbox (revision)', lines: users.map((user) => copyLine([user.revision])) },
  ]);
}

function userLine(user: User): string {
  const row = new Map<string, CopyValue>(Object.entries(rowFromUser(user)));
  row.set('metadata', JSON.stringify(user.metadata));
  return copyLine([...writtenColumnNames.map((name) => row.get(name) ?? null), User.toBinary(user), encodedVersion]);
}

function changeLine(user: User): string {
  const at = new Date().toISOString();
  return copyLine([
    user.revision,
    user.id,
    'created',
    [],
    user.role,
    user.state,
    'seed',
    'Sample data',
    at,
    User.toBinary(user),
  ]);
}
