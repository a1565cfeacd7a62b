import type { AppError } from './app-error.ts';

/** Repeats what never reached the server, three times within some four seconds. Any other failure is an answer, and is shown at once. */
export const retryUnreachable = {
  retry: (failures: number, error: AppError) => error.kind === 'unreachable' && failures < 3,
  /** Full jitter, so that many pages do not come back at once. */
  retryDelay: (failures: number) => Math.random() * 2 ** failures * 1000,
  /** TanStack Query would otherwise wait in silence while the browser believes it is offline. */
  networkMode: 'always',
} as const;
