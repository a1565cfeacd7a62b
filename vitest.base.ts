/** For tests that start real processes. No test is about these times: a machine that does much else at once takes its own. */
export const realProcesses = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
};
