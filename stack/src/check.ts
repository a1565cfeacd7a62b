import { codeSteps } from './code-steps.ts';
import { contractSteps } from './contract-steps.ts';
import { runSteps, tallyLine } from './steps.ts';

/** `pnpm check`: everything that can be proved without running Roster. */
const tally = await runSteps([...codeSteps, ...contractSteps], console.log);
console.log(tallyLine(tally));
process.exit(tally.failed === 0 ? 0 : 1);
