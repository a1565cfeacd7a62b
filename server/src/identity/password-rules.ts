import { foldKey } from '@roster/proto/fold';
import { lengthOf } from '@roster/proto/limits';
import type { FieldViolation } from '../rpc/rpc-error.ts';
import { type CommonPasswords, foldPassword } from './common-passwords.ts';
import { isOverlong, normalizePassword } from './password-hasher.ts';
import { passwordLimits } from './password-limits.ts';

/** Whose password it is to be. */
export interface PasswordOwner {
  readonly name: string;
  readonly email: string;
}

/**
 * Says why a password cannot be used, on the field `password`; empty where it can. It must be long, and nothing that an attacker tries first. What it is made of is
 * otherwise free (SP 800-63B-4: no rules of composition).
 */
export function validatePassword(
  password: string,
  owner: PasswordOwner,
  common: CommonPasswords,
): readonly FieldViolation[] {
  if (isOverlong(password)) return [tooLong(lengthOf(password))];
  const length = lengthOf(normalizePassword(password));
  if (length < passwordLimits.min) return [tooShort(length)];
  if (length > passwordLimits.max) return [tooLong(length)];
  if (isPersonal(password, owner)) {
    const description = 'This is made of your name or email address alone. Choose something that nobody knows of you.';
    return [{ field: 'password', description, reason: 'PASSWORD_TOO_PERSONAL' }];
  }
  const folded = foldPassword(password);
  if (!common.has(folded) && !isRepetition(folded)) return [];
  const description = 'This password is one that attackers try first. Choose another, such as four words at random.';
  return [{ field: 'password', description, reason: 'PASSWORD_TOO_COMMON' }];
}

function tooShort(length: number): FieldViolation {
  const description =
    length === 0
      ? `Enter a password of at least ${passwordLimits.min} characters.`
      : `At least ${passwordLimits.min} characters; this has ${length}.`;
  return { field: 'password', description, reason: length === 0 ? 'REQUIRED' : 'PASSWORD_TOO_SHORT' };
}

function tooLong(length: number): FieldViolation {
  const description = `At most ${passwordLimits.max} characters; this has ${length}.`;
  return { field: 'password', description, reason: 'PASSWORD_TOO_LONG' };
}

/** Whether nothing is left of a password but digits and signs, once what everybody knows of its owner is taken away. */
function isPersonal(password: string, { name, email }: PasswordOwner): boolean {
  const letters = lettersOf(password);
  const words = [...wordsOf(name), ...wordsOf(email), lettersOf(name), lettersOf(email), 'roster'];
  return letters !== '' && isMadeOf(letters, new Set(words.filter((word) => word.length > 2)));
}

function wordsOf(text: string): readonly string[] {
  return foldKey(text).match(/\p{L}+/gu) ?? [];
}

function lettersOf(text: string): string {
  return wordsOf(text).join('');
}

function isMadeOf(letters: string, words: ReadonlySet<string>): boolean {
  const reached = new Set([0]);
  for (let from = 0; from < letters.length; from += 1) {
    if (!reached.has(from)) continue;
    for (const word of words) if (letters.startsWith(word, from)) reached.add(from + word.length);
  }
  return reached.has(letters.length);
}

/** The longest text whose repetition is no password, for example `abcabcabcabcabc`. */
const repeatedMax = 8;

function isRepetition(folded: string): boolean {
  for (let length = 1; length <= repeatedMax; length += 1) {
    if (folded.slice(length) === folded.slice(0, -length)) return true;
  }
  return false;
}
