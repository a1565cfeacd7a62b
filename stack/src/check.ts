import { codeSteps } from './code-steps.ts';
import { contractSteps } from './contract-steps.ts';
import { runSteps, summary } from './steps.ts';

/** `pnpm check`: everything that can be proved without running Roster. */
const tally = await runSteps([...codeSteps, ...contractSteps], console.log);
console.log(summary(tally));
process.exit(tally.failures.length === 0 ? 0 : 1);
