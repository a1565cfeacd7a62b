import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const suiteVersion = 'v1.0.5';

export interface Tools {
  readonly runner: string;
  /** The runner's messages lie in the Go module that it was built from. */
  readonly protos: string;
}

/** Where the runner and its protos are; says what to do where they are not installed. */
export function findTools(env: NodeJS.ProcessEnv): Tools | { readonly missing: string } {
  const [goPath, moduleCache] = [goEnv('GOPATH'), goEnv('GOMODCACHE')];
  const runner = [
    env['CONNECTCONFORMANCE'] ?? '',
    onPath(env, 'connectconformance'),
    join(goPath, 'bin', 'connectconformance'),
  ].find((place) => place !== '' && existsSync(place));
  const protos = join(moduleCache, `connectrpc.com/conformance@${suiteVersion}/proto`);
  if (runner && existsSync(protos)) return { runner, protos };
  return { missing: `to run it: go install connectrpc.com/conformance/cmd/connectconformance@${suiteVersion}` };
}

/** A Chromium of this machine; undefined where there is none. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const places = [
    env['CHROMIUM'] ?? '',
    ...['chromium', 'chromium-browser', 'google-chrome'].map((name) => onPath(env, name)),
  ];
  return places.find((place) => place !== '' && existsSync(place));
}

function onPath(env: NodeJS.ProcessEnv, name: string): string {
  const places = (env['PATH'] ?? '').split(':').map((folder) => join(folder, name));
  return places.find((place) => existsSync(place)) ?? '';
}

function goEnv(name: string): string {
  const { stdout } = spawnSync('go', ['env', name], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}
