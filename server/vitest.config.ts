import { defineConfig, type Plugin } from 'vitest/config';
import { realProcesses } from '../vitest.base.ts';

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
    ...realProcesses,
    maxWorkers: 2,
  },
});
