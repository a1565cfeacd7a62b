import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { findEnvoy } from '@roster/envoy/find-envoy';
import { validate } from '@roster/envoy/validate';
import { readConfig, sharedEnvoyFolder } from './config.ts';
import { inRoot } from './paths.ts';
import { binary, runProgram, type Step } from './steps.ts';

export const packages = ['proto', 'postgres', 'envoy', 'stack', 'server', 'web', 'e2e', 'bench', 'soak'] as const;

const sourceFolders = packages
  .flatMap((name) => [`${name}/src`, `${name}/serve`])
  .filter((path) => existsSync(inRoot(path)));

/** What `pnpm check` proves about the code and Envoy's configuration. */
export const codeSteps: readonly Step[] = [
  ...packages.map((name) => ({
    name: `types: ${name}`,
    run: () => runProgram('.', binary('.', 'tsc'), ['--project', name]).then(() => {}),
  })),
  {
    name: 'lint and format',
    run: () =>
      runProgram('.', binary('.', 'biome'), ['ci', '--colors=off', '--max-diagnostics=20', '.']).then(() => {}),
  },
  {
    name: 'arrows: imports point one way',
    run: () =>
      runProgram('.', binary('.', 'depcruise'), ['--config', '.dependency-cruiser.cjs', ...sourceFolders]).then(
        () => {},
      ),
  },
  { name: 'arrows: only config.ts reads the environment', run: assertEnvironmentIsReadOnce },
  {
    name: 'envoy: the configuration is valid, as it is and as a start writes it',
    run: async () => {
      const { envoyPath, searchPath } = readConfig();
      await validate(await findEnvoy({ folder: sharedEnvoyFolder, envoyPath, searchPath }));
    },
  },
];

/** `readConfig(process.env)` hands the environment on to a config.ts, which is as good as reading it there. */
async function assertEnvironmentIsReadOnce(): Promise<void> {
  const offenders = [];
  for (const folder of sourceFolders)
    for (const name of await readdir(inRoot(folder), { recursive: true })) {
      const path = `${folder}/${name}`;
      if (!/\.tsx?$/.test(path) || /(^|\/)([a-z-]+-)?config\.ts$/.test(path) || /\.test\.tsx?$/.test(path)) continue;
      const text = await readFile(inRoot(path), 'utf8');
      if (/process\.env\b/.test(text.replaceAll(/read\w*Config\(process\.env\)/g, ''))) offenders.push(path);
    }
  if (offenders.length > 0)
    throw new Error(`These read the environment beside their config.ts: ${offenders.join(', ')}`);
}
