import { invalidArgument } from '../../rpc/rpc-error.ts';

const lengthMax = 4000;

/**
 * Reads the path of the console to come back to; `/` where there is none. INVALID_ARGUMENT for what a browser would take for another origin: `//` and `/\` begin
 * one, and it takes out tabs and line breaks before it looks.
 */
export function readReturnPath(text: string): string {
  if (text === '') return '/';
  if (text.length > lengthMax) throw mistake(`At most ${lengthMax} characters.`, 'TOO_LONG');
  if (!/^\/(?![/\\])/.test(text) || /\p{Cc}/u.test(text)) {
    throw mistake('Must be a path of the console, such as /users.', 'RETURN_PATH_INVALID');
  }
  return text;
}

function mistake(description: string, reason: string) {
  return invalidArgument([{ field: 'return_path', description, reason }]);
}
