import { handover, readConfig } from './config.ts';
import { otherOrigin } from './other-origin.ts';
import { startOwnStack } from './own-stack.ts';

/** Starts the whole stack once for all workers, unless ROSTER_URL names one that runs. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (readConfig().url) return async () => undefined;
  const stack = await startOwnStack({ serverCount: 2, origins: [otherOrigin], say: (line) => console.log(line) });
  handover.write({ url: stack.url, grpcAddress: stack.grpcUrl, databaseUrl: stack.databaseUrl });
  return () => stack.stop();
}
