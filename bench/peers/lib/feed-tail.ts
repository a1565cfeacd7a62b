import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';
import { Client } from 'pg';

/** A committed change as the feed's table has it. */
export interface TailedChange {
  readonly seq: number;
  readonly user: User;
}

interface FeedRow {
  readonly seq: string;
  readonly after: Buffer;
}

const pollMs = 500;
const batchSize = 1000;

/** Reads the same feed as Roster does, by the same means: LISTEN as a hint, a poll as the promise. */
export async function tailFeed(
  databaseUrl: string,
  onChanges: (changes: readonly TailedChange[]) => void,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  let seq = Number((await client.query<{ seq: string }>('select seq from feed_head')).rows[0]?.seq ?? 0);
  let isReading = false;
  let again = false;

  async function read(): Promise<void> {
    again = true;
    if (isReading) return;
    isReading = true;
    while (again) {
      again = false;
      const { rows } = await client.query<FeedRow>({
        name: 'tail',
        text: 'select f.seq, c.after from feed f join changes c using (revision) where f.seq > $1 order by f.seq limit $2',
        values: [seq, batchSize],
      });
      const changes = rows.map((row) => ({ seq: Number(row.seq), user: User.fromBinary(row.after) }));
      seq = changes.at(-1)?.seq ?? seq;
      if (changes.length > 0) onChanges(changes);
      if (rows.length === batchSize) again = true;
    }
    isReading = false;
  }

  client.on('notification', () => void read());
  await client.query('listen roster_feed');
  setInterval(() => void read(), pollMs);
}

/** A user as a hand-written JSON API would send it. */
export function toJsonUser(user: User): object {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    role: UserRole[user.role],
    state: UserState[user.state],
    createdAt: new Date(epochMs(user.createdAt)).toISOString(),
    updatedAt: new Date(epochMs(user.updatedAt)).toISOString(),
    ...(user.address && { address: user.address }),
    tags: user.tags,
    metadata: user.metadata,
    revision: user.revision,
  };
}
