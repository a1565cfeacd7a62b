import { readFileSync } from 'node:fs';

/** Ends the server of a data folder whose users are all gone, if one runs. What it held is not wanted any more. */
export function stopAbandoned(dataFolder: string): void {
  try {
    const pid = Number.parseInt(readFileSync(`${dataFolder}/postmaster.pid`, 'utf8'), 10);
    // The pid may be another process's by now: only the command line tells that it is the server of this folder.
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (command.includes(dataFolder)) process.kill(pid, 'SIGQUIT');
  } catch {
    // No pid file, or no such process: nothing runs.
  }
}
