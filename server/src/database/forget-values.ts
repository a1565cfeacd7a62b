import pg from 'pg';

/**
 * Takes out of an error of PostgreSQL what it quotes of rows and parameters: it goes into the log, where no password's hash, no email and no text of a user belong.
 * What is left says what failed where: the code, the table, the constraint, the statement's own words.
 */
export function forgetValues(error: unknown): void {
  if (!(error instanceof pg.DatabaseError)) return;
  // “Failing row contains (…)”, “Key (email)=(…) already exists”, “COPY users, line 3: …”.
  error.detail = undefined;
  error.where = undefined;
  error.internalQuery = undefined;
  // Data exceptions quote the value itself, and reach to its end.
  if (!error.code?.startsWith('22')) return;
  const { message } = error;
  error.message = message.replace(/".*"/s, '"…"');
  if (error.stack) error.stack = error.stack.replace(message, error.message);
}
