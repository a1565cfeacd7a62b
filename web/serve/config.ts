import { join } from 'node:path';

/** Settings of the static server. The defaults are those of its container. */
export function readServeConfig(environment: NodeJS.ProcessEnv = process.env) {
  const port = Number(environment['ROSTER_WEB_PORT'] ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('ROSTER_WEB_PORT must be a port.');
  return {
    host: environment['ROSTER_WEB_HOST'] ?? '0.0.0.0',
    port,
    /** The folder that `vite build` wrote. */
    root: environment['ROSTER_WEB_ROOT'] ?? join(import.meta.dirname, 'page'),
  };
}
