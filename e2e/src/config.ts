import type { SignedIn } from './sign-in.ts';

/** The settings of a test run. This file alone reads the environment. */
export interface E2eConfig {
  /** ROSTER_URL: a running stack to test instead of one of our own. */
  readonly url: string | undefined;
  /** ROSTER_GRPC_ADDRESS: where that stack answers native gRPC, as `127.0.0.1:50051`. */
  readonly grpcAddress: string | undefined;
  /** ROSTER_TOKEN: an API token of an admin of that stack, from `npx pnpm@12 -s roster token create --role ADMIN --expires 1d`. */
  readonly token: string | undefined;
  /** ROSTER_CHROMIUM: the browser to drive. */
  readonly chromium: string | undefined;
  readonly searchPath: string;
  readonly isCi: boolean;
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): E2eConfig {
  return {
    url: environment['ROSTER_URL'] || undefined,
    grpcAddress: environment['ROSTER_GRPC_ADDRESS'] || undefined,
    token: environment['ROSTER_TOKEN'] || undefined,
    chromium: environment['ROSTER_CHROMIUM'] || undefined,
    searchPath: environment['PATH'] ?? '',
    isCi: environment['CI'] === 'true',
  };
}

/** Where the tested stack is reached. */
export interface Addresses {
  readonly url: string;
  /** Undefined where ROSTER_URL names a stack whose native port was not told. */
  readonly grpcAddress: string | undefined;
  /** What the tests' own calls are made with. */
  readonly token: string;
  /** The admin whom the windows are signed in as. */
  readonly admin: SignedIn;
  /** Undefined where ROSTER_URL names a stack: its database is its own matter. */
  readonly databaseUrl: string | undefined;
}

/** How the set-up hands the stack's addresses to the workers. */
export const handover = {
  write(addresses: Addresses): void {
    process.env['ROSTER_TEST_STACK'] = JSON.stringify(addresses);
  },
  read(): Addresses {
    const written = process.env['ROSTER_TEST_STACK'];
    if (!written) throw new Error('no stack is known: the global set-up did not run');
    return JSON.parse(written) as Addresses;
  },
} as const;
