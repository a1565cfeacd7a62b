import { type ChildProcess, spawn } from 'node:child_process';
import { childEnvironment } from './config.ts';
import { inRoot } from './paths.ts';

/** Serves the page from its sources, with hot reload. It calls the API at `apiPort`, by the host name that the page is opened under. */
export function startVite(port: number, apiPort: number): ChildProcess {
  const vite = inRoot('web/node_modules/vite/bin/vite.js');
  const args = ['--host', '127.0.0.1', '--port', String(port), '--strictPort', '--clearScreen', 'false'];
  return spawn(process.execPath, [vite, ...args], {
    cwd: inRoot('web'),
    env: childEnvironment({ VITE_ROSTER_API_PORT: String(apiPort) }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
