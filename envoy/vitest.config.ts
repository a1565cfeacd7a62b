import { defineConfig } from 'vitest/config';

export default defineConfig({
  // They start real processes; no test is about these times, and a machine that does much else at once takes its own.
  test: {
    include: ['src/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
