import { expect } from 'vitest';
import type { Connection } from '../database/database.ts';

/** Waits until another connection waits for what the transaction of this one holds. */
export async function untilSomebodyWaits(connection: Connection): Promise<void> {
  const waiting = 'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))';
  await expect.poll(() => connection.query(waiting)).not.toHaveLength(0);
}
