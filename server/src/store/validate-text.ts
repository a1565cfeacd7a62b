import { lengthOf } from '@roster/proto/limits';
import type { FieldViolation } from '../rpc/rpc-error.ts';

/** Says what is wrong with a text of one line: a character that cannot be seen, nothing where something must be, too much. Empty where nothing is. */
export function validateText(
  field: string,
  text: string,
  options: { readonly max: number; readonly required?: string },
): readonly FieldViolation[] {
  const forbidden = describeForbidden(text);
  if (forbidden) return [{ field, description: forbidden, reason: 'CHARACTER_NOT_ALLOWED' }];
  if (options.required && text === '') return [{ field, description: options.required, reason: 'REQUIRED' }];
  const length = lengthOf(text);
  if (length <= options.max) return [];
  return [{ field, description: `At most ${options.max} characters; this has ${length}.`, reason: 'TOO_LONG' }];
}

/** Says which character may not be there, by its place and code point: one cannot see it. */
function describeForbidden(text: string): string | undefined {
  if (text.isWellFormed() && !/\p{Cc}/u.test(text)) return undefined;
  const characters = [...text];
  const at = characters.findIndex((character) => !character.isWellFormed() || /\p{Cc}/u.test(character));
  const codePoint = characters[at]?.codePointAt(0);
  if (codePoint === undefined) return undefined;
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  const what = codePoint >= 0xd800 ? 'half of a character' : 'a control character';
  return `Character ${at + 1} (${name}) is ${what}, which is not allowed.`;
}
