import { handover, readConfig } from './config.ts';
import { otherOrigin } from './other-origin.ts';
import { startOwnStack } from './own-stack.ts';
import { createToken, signInAdmin } from './sign-in.ts';

/** Starts the whole stack once for all workers, unless ROSTER_URL names one that runs. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const { url, grpcAddress, token: given } = readConfig();
  if (url !== undefined) {
    if (given === undefined) throw new Error('ROSTER_URL needs ROSTER_TOKEN, an API token of an admin there.');
    handover.write({ url, grpcAddress, databaseUrl: undefined, token: given, admin: await signInAdmin(url, given) });
    return async () => undefined;
  }
  const stack = await startOwnStack({ serverCount: 2, origins: [otherOrigin], say: (line) => console.log(line) });
  const token = await createToken(stack.databaseUrl);
  const admin = await signInAdmin(stack.url, token);
  handover.write({ url: stack.url, grpcAddress: stack.grpcUrl, databaseUrl: stack.databaseUrl, token, admin });
  return () => stack.stop();
}
