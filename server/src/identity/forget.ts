import type { Connection } from '../database/database.ts';
import { forgetChallenges } from './challenges.ts';

/** Sessions and links that are over stay so long: the former make their networks known, the latter answer repeated calls. */
const kept = '30 days';
/** No wait and no count of failures lasts longer. */
const attemptsKept = '24 hours';

/** Forgets what signing in leaves behind. The access events stay. */
export async function forgetSignIns(connection: Connection): Promise<void> {
  await forgetChallenges(connection);
  await connection.query('delete from failed_attempts where at < now() - $1::interval', [attemptsKept]);
  // Whatever has ended would have expired soon after.
  await connection.query('delete from sessions where expires_at < now() - $1::interval', [kept]);
  await connection.query('delete from one_time_links where expires_at < now() - $1::interval', [kept]);
}
