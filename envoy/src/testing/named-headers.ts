import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The headers beyond those of HTTP itself that the console's own code names, of requests and answers: whoever adds one must not have to remember a list. */
export function headersNamedByThePage(): readonly string[] {
  const folders = ['web/src', 'proto/src'].map((folder) =>
    fileURLToPath(new URL(`../../../${folder}`, import.meta.url)),
  );
  const files = folders.flatMap((folder) =>
    globSync('**/*.{ts,tsx}', { cwd: folder }).map((file) => join(folder, file)),
  );
  const code = files.filter((file) => !/\.test\.|\/testing\//.test(file)).map((file) => readFileSync(file, 'utf8'));
  const names = code.flatMap((text) =>
    [...text.matchAll(/'(x-[a-z-]+|grpc-timeout|authorization)'/g)].map(([, name]) => name),
  );
  return [...new Set(names)].filter((name) => name !== undefined).toSorted();
}
