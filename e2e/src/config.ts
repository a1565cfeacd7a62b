/** The settings of a test run. This file alone reads the environment. */
export interface E2eConfig {
  /** ROSTER_URL: a running stack to test instead of one of our own. */
  readonly url: string | undefined;
  /** ROSTER_CHROMIUM: the browser to drive; empty for Playwright's own. */
  readonly chromium: string | undefined;
  readonly isCi: boolean;
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): E2eConfig {
  return {
    url: environment['ROSTER_URL'] || undefined,
    chromium: environment['ROSTER_CHROMIUM'] || undefined,
    isCi: environment['CI'] === 'true',
  };
}

/** How the set-up hands the stack's addresses to the workers. */
export const handover = {
  write(addresses: { readonly url: string; readonly databaseUrl: string }): void {
    process.env['ROSTER_TEST_URL'] = addresses.url;
    process.env['ROSTER_TEST_DATABASE_URL'] = addresses.databaseUrl;
  },
  read(): { readonly url: string; readonly databaseUrl: string | undefined } {
    const url = process.env['ROSTER_TEST_URL'] ?? readConfig().url;
    if (!url) throw new Error('no stack is running: the set-up did not start one, and ROSTER_URL is not set');
    return { url, databaseUrl: process.env['ROSTER_TEST_DATABASE_URL'] };
  },
} as const;
