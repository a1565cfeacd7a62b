import { defineConfig, type Plugin } from 'vitest/config';

/** Imports SQL files as text, as the bundle does. */
const sqlFiles: Plugin = {
  name: 'sql-files',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('.sql') ? `export default ${JSON.stringify(code)}` : undefined),
};

export default defineConfig({
  plugins: [sqlFiles],
  test: {
    include: ['src/**/*.test.ts', 'conformance/*.test.ts'],
    globalSetup: ['src/testing/global-setup.ts'],
    // No test is about these times: a machine that does much else at once takes its own.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
  },
});
