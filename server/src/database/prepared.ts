import { createHash } from 'node:crypto';

/** A statement that each connection parses once, and PostgreSQL plans anew only where the values make a difference. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/**
 * For texts of which there are few: connections keep what they have prepared, so none may be put together from what a caller sends.
 *
 * And for statements that find their rows by a key, whatever the size of the tables: the plan is kept too, while they grow.
 */
export function prepared(text: string): Prepared {
  return { name: createHash('sha256').update(text).digest('base64url'), text };
}
