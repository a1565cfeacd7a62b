import { codeSteps } from './code-steps.ts';
import { contractSteps } from './contract-steps.ts';
import { runPlaywright, runVitest } from './runners.ts';
import { addTallies, runSteps, summary } from './steps.ts';

/** `pnpm test`: everything. Its end sums up all runners; nothing is left out when an earlier part fails. */
const tallies = [
  await runSteps([...codeSteps, ...contractSteps], console.log),
  ...(await runVitest()),
  await runPlaywright(),
];
const total = addTallies(tallies);
console.log(`\n${summary(total)}`);
process.exit(total.failures.length === 0 ? 0 : 1);
