import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import type { Plugin } from 'vite';

const web = join(import.meta.dirname, '..');
const stylesheet = join(web, 'src/ui/fonts.css');
const whole = join(web, 'node_modules/@fontsource-variable/inter/files');
const narrowed = join(web, '.cache/fonts');

/** All that the stylesheet's ranges name, so that no character is lost. */
const characters = String.fromCodePoint(...range(0, 0xd7ff), ...range(0xe000, 0xffff));

/** A constant, for the types do not know `keepFeatures` yet. */
const narrowing = {
  targetFormat: 'woff2',
  /** What `tokens.css` names, and `fonts.css` promises. */
  variationAxes: { wght: { min: 400, max: 600 } },
  /**
   * What a browser does by itself with letters, marks and pairs, and `tabular-nums`. Not `calt`: it would draw the x of 5x2 as a sign of multiplication, also in an
   * address.
   */
  keepFeatures: ['ccmp', 'locl', 'kern', 'mark', 'mkmk', 'tnum'],
} as const;

/** Takes out of Inter's files the weights and features that no style asks for, which is two fifths of what is fetched of them. */
export function narrowFonts(): Plugin {
  return {
    name: 'roster-narrow-fonts',
    // Unit tests draw nothing.
    apply: (_, { mode }) => mode !== 'test',
    config: () => ({
      resolve: { alias: [{ find: /^@fontsource-variable\/inter\/files/, replacement: narrowed }] },
    }),
    async buildStart() {
      await mkdir(narrowed, { recursive: true });
      for (const [file] of (await readFile(stylesheet, 'utf8')).matchAll(/inter-[\w-]+\.woff2/g)) await narrow(file);
    },
  };
}

async function narrow(file: string): Promise<void> {
  const font = await subsetFont(await readFile(join(whole, file)), characters, narrowing);
  // Two builds may run at once, and each must find a whole file.
  const unfinished = join(narrowed, `${file}-${process.pid}`);
  await writeFile(unfinished, font);
  await rename(unfinished, join(narrowed, file));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
