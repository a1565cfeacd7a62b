import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SettingError } from './config.ts';
import { identityOf } from './process-identity.ts';

/** `<home>/run/<pid of the stack>/`: what one running stack has started, its logs and its written configuration. */
export type RunFolder = {
  readonly path: string;
  /** Writes down a process of ours, so that a later start can end it if we are killed. */
  record(name: string, pid: number): void;
  remove(): void;
  /** Removes it but for its logs, which a failed start has named. The next start of the home removes them. */
  abandon(): void;
};

type Entry = { readonly name: string; readonly pid: number; readonly identity: string };

const ownerFile = 'owner.json';
/** Long enough for a server to finish its calls, which takes it at most 10 s. */
const patienceMs = 12_000;
let opened = 0;

export function openRunFolder(home: string): RunFolder {
  opened += 1;
  const path = join(home, 'run', opened === 1 ? String(process.pid) : `${process.pid}-${opened}`);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    write(join(path, ownerFile), 'stack', process.pid);
  } catch (error) {
    throw new SettingError(`ROSTER_HOME: ${home} cannot be written (${(error as Error).message}).`);
  }
  return {
    path,
    record: (name, pid) => write(join(path, `${name.replaceAll(' ', '-')}.json`), name, pid),
    remove: () => rmSync(path, { recursive: true, force: true }),
    abandon: () => {
      for (const file of list(path))
        if (!file.endsWith('.log')) rmSync(join(path, file), { recursive: true, force: true });
      if (list(path).length === 0) rmSync(path, { recursive: true, force: true });
    },
  };
}

function write(file: string, name: string, pid: number): void {
  const identity = identityOf(pid);
  if (identity !== undefined) writeFileSync(file, JSON.stringify({ name, pid, identity } satisfies Entry));
}

/** Ends what killed stacks of this home have left running, and tells what that was. A living stack is not touched. */
export async function endOrphans(home: string): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const folder of list(join(home, 'run'))) {
    const path = join(home, 'run', folder);
    const entries = list(path)
      .filter((file) => file.endsWith('.json'))
      .map((file) => ({ isOwner: file === ownerFile, entry: read(join(path, file)) }));
    if (entries.some(({ isOwner, entry }) => isOwner && isAlive(entry))) continue;
    const orphans = entries.flatMap(({ entry }) => (entry !== undefined && isAlive(entry) ? [entry] : []));
    await Promise.all(orphans.map(end));
    ended.push(...orphans.map(({ name }) => name));
    rmSync(path, { recursive: true, force: true });
  }
  return ended;
}

/** A pid alone proves nothing: by now it may be somebody else's process. */
function isAlive(entry: Entry | undefined): boolean {
  return entry !== undefined && identityOf(entry.pid) === entry.identity;
}

async function end(entry: Entry): Promise<void> {
  for (const [signal, untilMs] of [
    ['SIGTERM', Date.now() + patienceMs],
    ['SIGKILL', Date.now() + patienceMs + 2_000],
  ] as const) {
    if (!isAlive(entry)) return;
    process.kill(entry.pid, signal);
    while (isAlive(entry) && Date.now() < untilMs) await wait(20);
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): Entry | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Entry;
  } catch {
    return undefined;
  }
}
