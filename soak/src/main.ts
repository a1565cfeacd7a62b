import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './checker.ts';
import { saveRecording } from './recorder.ts';
import { fromLines } from './recording.ts';
import { printViolations, summaryOf } from './report.ts';
import { runSoak } from './soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    rolling: { type: 'boolean', default: false },
    save: { type: 'string' },
    check: { type: 'string' },
  },
});

process.exitCode = values.check === undefined ? await run() : await judge(values.check);

async function run(): Promise<number> {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
  const minutes = Number(values.minutes);
  if (!Number.isSafeInteger(seed) || !(minutes > 0)) {
    console.error('Usage: soak [--minutes N] [--seed S] [--rolling] [--save FILE] | --check FILE');
    return 2;
  }
  const startedAt = Date.now();
  const say = (line: string) => console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  console.log(`seed ${seed}, ${minutes} minutes, ${values.rolling ? 'rolling restarts' : 'faults at random'}`);
  const mode = values.rolling ? 'rolling' : 'faults';
  const result = await runSoak({ seed, durationMs: minutes * 60_000, mode, say });
  const isBroken = result.violations.length > 0 || (values.rolling && result.failures.length > 0);
  const file = values.save ?? (isBroken ? join(tmpdir(), `roster-soak-${seed}.jsonl`) : undefined);
  if (file) {
    await saveRecording(result.recording, file);
    console.log(`recording: ${file} (look at it again with --check)`);
  }
  printViolations(result.violations, console.log);
  for (const failure of result.failures.slice(0, 20)) console.log(`given up: ${failure}`);
  console.log(summaryOf(seed, result));
  return isBroken ? 1 : 0;
}

async function judge(file: string): Promise<number> {
  const violations = check(fromLines(await readFile(file, 'utf8')));
  printViolations(violations, console.log);
  console.log(`violations: ${violations.length}`);
  return violations.length > 0 ? 1 : 0;
}
