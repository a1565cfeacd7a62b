import { defineConfig } from '@playwright/test';
import { findOnPath } from '@roster/stack/find-chromium';
import { readConfig } from './src/config.ts';

const { chromium, searchPath, isCi } = readConfig();
/** Undefined: Playwright's own. */
const executablePath = chromium ?? findOnPath(searchPath);

export default defineConfig({
  testDir: 'specs',
  testMatch: '*.spec.ts',
  globalSetup: './src/global-setup.ts',
  // Files run side by side; the tests of one file share what it set up.
  fullyParallel: false,
  // More than processors, for a test mostly waits for what it has caused.
  workers: 3,
  forbidOnly: isCi,
  // No test is about these times: a machine that does much else at once takes its own.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: isCi
    ? [['list'], ['json', { outputFile: 'test-results/report.json' }]]
    : [['list'], ['html', { open: 'never' }]],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    // Of a run whose folder nobody can look into, nobody reads them, and they take a fifth of its time.
    trace: isCi ? 'off' : 'retain-on-failure',
    screenshot: isCi ? 'off' : 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // A machine without a network must not be asked for one.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
