import { codeSteps } from './code-steps.ts';
import { contractSteps } from './contract-steps.ts';
import { runPlaywright, runVitest } from './runners.ts';
import { addTallies, runSteps, tallyLine } from './steps.ts';

/** `pnpm test`: everything. Its last line sums up all runners; nothing is left out when an earlier part fails. */
const tallies = [
  await runSteps([...codeSteps, ...contractSteps], console.log),
  ...(await runVitest()),
  await runPlaywright(),
];
const total = addTallies(tallies);
console.log(`\n${tallyLine(total)}`);
process.exit(total.failed === 0 ? 0 : 1);
