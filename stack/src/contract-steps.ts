import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './paths.ts';
import { binary, runProgram, type Step } from './steps.ts';

const buf = (folder: string, args: readonly string[]) => runProgram(folder, binary('proto', 'buf'), args);

/** No old client may notice: what is on the wire, and the names that its generated code has. */
const givenRules = [
  ...['WIRE_JSON', 'PACKAGE_MESSAGE_NO_DELETE', 'PACKAGE_ENUM_NO_DELETE', 'PACKAGE_SERVICE_NO_DELETE'],
  ...['RPC_NO_DELETE', 'FIELD_NO_DELETE', 'FIELD_SAME_NAME', 'ENUM_VALUE_NO_DELETE'],
];

/** What `pnpm check` proves about the contract. */
export const contractSteps: readonly Step[] = [
  { name: 'contract: buf lint', run: () => buf('proto', ['lint']).then(() => {}) },
  {
    name: 'contract: nothing broken since proto/baseline.binpb',
    run: () =>
      inScratch(async (scratch) => {
        const current = await buildImage('proto', scratch);
        await buf('proto', ['breaking', current, '--against', inRoot('proto/baseline.binpb'), '--config', 'buf.yaml']);
      }),
  },
  {
    name: 'contract: clients of the given contract keep working',
    run: () =>
      inScratch(async (scratch) => {
        const current = await buildImage('proto', scratch);
        const given = await buildImage('proto/fixtures/given', scratch);
        const config = JSON.stringify({ version: 'v2', breaking: { use: givenRules } });
        await buf('proto', ['breaking', current, '--against', given, '--config', config]);
      }),
  },
  ...['proto', 'proto/fixtures/given'].map((folder) => ({
    name: `contract: the generated code in ${folder}/gen has no diff`,
    run: () =>
      inScratch(async (scratch) => {
        await buf(folder, ['generate', '--output', scratch]);
        await assertSame(join(scratch, 'gen'), inRoot(folder, 'gen'));
      }),
  })),
];

async function buildImage(folder: string, scratch: string): Promise<string> {
  const image = join(scratch, `${folder.replaceAll('/', '-')}.binpb`);
  await buf(folder, ['build', '--output', image]);
  return image;
}

/** `descriptors.ts` is made from the same files after `buf generate`; a test of the server's reflection holds it to them. */
async function assertSame(made: string, committed: string): Promise<void> {
  const names = async (folder: string) =>
    (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts') && name !== 'descriptors.ts');
  const [madeNames, committedNames] = [(await names(made)).toSorted(), (await names(committed)).toSorted()];
  const different = [];
  for (const name of new Set([...madeNames, ...committedNames])) {
    const [now, before] = await Promise.all([made, committed].map((folder) => read(join(folder, name))));
    if (now !== before) different.push(name);
  }
  if (different.length > 0)
    throw new Error(`${different.join(', ')} differ: run "pnpm generate" and commit the result.`);
}

const read = (file: string) => readFile(file, 'utf8').catch(() => undefined);

async function inScratch(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-contract-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
