import { execFileSync, type SpawnOptions } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** `nobody`: the id that PostgreSQL sees or gets when Roster itself is root, as which it refuses to run. */
const nobody = 65_534;

/**
 * As whom PostgreSQL runs. `namespace` only looks like an ordinary user: on disk its files are root's, and root's
 * closed folders stay open to it. `nobody` is really another user, who must be able to enter the data's folder.
 */
export type Identity = 'self' | 'namespace' | 'nobody';

export function chooseIdentity(): Identity {
  if (process.getuid?.() !== 0) return 'self';
  try {
    execFileSync('unshare', [...namespaceArguments, 'true'], { stdio: 'ignore' });
    return 'namespace';
  } catch {
    return 'nobody';
  }
}

const namespaceArguments = ['-U', `--map-user=${nobody}`, `--map-group=${nobody}`];

/** The command that runs `program` as the identity; the process keeps its pid through it. */
export function commandAs(
  identity: Identity,
  program: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[]; readonly options: SpawnOptions } {
  switch (identity) {
    case 'self':
      return { command: program, args, options: {} };
    case 'namespace':
      return { command: 'unshare', args: [...namespaceArguments, program, ...args], options: {} };
    case 'nobody':
      return { command: program, args, options: { uid: nobody, gid: nobody } };
  }
}

/** The numeric owner that the data folder and the socket folder need. */
export function ownerOf(identity: Identity): number {
  return identity === 'nobody' ? nobody : (process.getuid?.() ?? 0);
}

/** Whether every folder on the way, `folder` included, lets strangers pass. */
export function canStrangersEnter(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const mode = statSync(at, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
