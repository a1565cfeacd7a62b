/** What a program of ours keeps running until it is told to stop. */
export type Stoppable = { stop(): Promise<void>; kill(): Promise<void> };

/**
 * Starts something and keeps it until Ctrl-C, SIGTERM or SIGHUP, then stops it in order and ends the process with 0. A
 * second signal ends it at once, with 130. A failed start is told in one line and ends with 1. Until the start is done, a
 * signal aborts it. `greet` is what is to be done once it runs: if that fails, what runs is stopped first.
 */
export async function stopOnSignals<T extends Stoppable>(
  start: (signal: AbortSignal) => Promise<T>,
  greet: (running: T) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  let running: T | undefined;
  let signals = 0;
  const onSignal = () => {
    signals += 1;
    stopping.abort();
    if (signals === 1) console.log('Stopping …');
    if (signals > 2) process.exit(130);
    // While it starts, the aborted start cleans up after itself.
    if (running === undefined) return;
    const isForced = signals === 2;
    const end = isForced ? running.kill : running.stop;
    void finish(end, isForced ? 130 : 0, () => isForced || signals === 1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // Whatever runs has its own process group and no pipe to us; only this keeps the process alive.
  const alive = setInterval(() => {}, 60_000);
  try {
    running = await start(stopping.signal);
    if (stopping.signal.aborted) await finish(running.stop, 0);
    else await greet(running);
  } catch (error) {
    // A terminal's Ctrl-C ends the programs that greet as well; what runs is then being stopped already.
    if (running !== undefined && stopping.signal.aborted) return;
    clearInterval(alive);
    if (stopping.signal.aborted) process.exit(0);
    console.error(error instanceof Error ? error.message : String(error));
    if (running === undefined) process.exit(1);
    await finish(running.stop, 1);
  }
}

/** A stop that is overtaken by a forced one leaves the end of the process to that. */
async function finish(end: () => Promise<void>, exitCode: number, isCurrent = () => true): Promise<void> {
  let code = exitCode;
  try {
    await end();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    code ||= 1;
  }
  if (isCurrent()) process.exit(code);
}
