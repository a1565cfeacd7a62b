import type pg from 'pg';

/**
 * Cancels what a borrowed connection runs when `signal` aborts.
 *
 * `settled` resolves when no cancel request is on its way any more; only then may the connection go back to its pool, or the request could hit the
 * statement of the next borrower.
 */
export function cancelOnAbort(
  client: pg.PoolClient & { readonly processID?: number | null },
  cancelPool: pg.Pool,
  signal: AbortSignal | undefined,
): { settled(): Promise<void> } {
  let request = Promise.resolve();
  const cancel = () => {
    // A server that cannot be reached to cancel will end the statement by its own time limit.
    request = cancelPool.query('select pg_cancel_backend($1)', [client.processID]).then(
      () => undefined,
      () => undefined,
    );
  };
  // An abort that came before is the borrower's to see: nothing runs yet.
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    async settled() {
      signal?.removeEventListener('abort', cancel);
      await request;
    },
  };
}
