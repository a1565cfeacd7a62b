import { readdirSync, readFileSync } from 'node:fs';

/** Processes under a name, as a measurement shows them apart. */
export type ProcessGroups = Readonly<Record<string, () => readonly number[]>>;

/** Milliseconds of processor time by group. */
export type CpuTimes = Readonly<Record<string, number>>;

/** Linux counts processor time in ticks of so many milliseconds. */
const tickMs = 10;

/** Starts counting the processor time (user and system) of whole processes; the returned function says how much it was so far. */
export function countCpu(groups: ProcessGroups): () => CpuTimes {
  const before = readTimes(groups);
  return () => {
    const now = readTimes(groups);
    return Object.fromEntries(Object.entries(now).map(([name, ms]) => [name, ms - (before[name] ?? 0)]));
  };
}

export function totalOf(times: CpuTimes): number {
  return Object.values(times).reduce((sum, ms) => sum + ms, 0);
}

/** A process and all that descend from it. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const parent = Number.isInteger(pid) ? readStat(pid)?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

export function parentOf(pid: number): number {
  return readStat(pid)?.parent ?? 0;
}

function readTimes(groups: ProcessGroups): CpuTimes {
  const times = Object.entries(groups).map(([name, pids]) => [
    name,
    sum(pids().map((pid) => readStat(pid)?.cpuMs ?? 0)),
  ]);
  return Object.fromEntries(times);
}

/** The time of children that have ended is their parent's, so that a group loses nothing when one of its processes ends. */
function readStat(pid: number): { readonly parent: number; readonly cpuMs: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold blanks.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1] ?? 0, cpuMs: sum(fields.slice(11, 15)) * tickMs };
  } catch {
    return undefined;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
