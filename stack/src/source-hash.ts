import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.ts';

/** A hash over the names and contents of files and folders of the checkout, tests left out. A missing one counts as empty. */
export async function hashSources(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of (await Promise.all(paths.map(filesOf))).flat().toSorted())
    hash.update(`${path}\0`).update(await readFile(join(root, path)));
  return hash.digest('hex');
}

async function filesOf(path: string): Promise<readonly string[]> {
  const found = await stat(join(root, path)).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return isTest(path) ? [] : [path];
  const names = await readdir(join(root, path));
  return (await Promise.all(names.map((name) => filesOf(`${path}/${name}`)))).flat();
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes('/testing/');
}
