/**
 * A text with wildcards: the literal parts between them. One part alone is an exact text; `['ann', '']` begins with ann;
 * `['', 'ann', '']` contains it. Only the first and the last part may be empty.
 */
export type Pattern = readonly string[];

/** Makes a pattern of the parts between wildcards; several wildcards in a row are one. */
export function patternOf(parts: readonly string[]): Pattern {
  return parts.filter((part, index) => part !== '' || index === 0 || index === parts.length - 1);
}

/** Makes the pattern of the texts in which `parts` stand in this order. */
export function containing(parts: readonly string[]): Pattern {
  return patternOf(['', ...parts, '']);
}

export function isExact(pattern: Pattern): boolean {
  return pattern.length === 1;
}

/** True for `*` alone, which fits every text. */
export function isAnything(pattern: Pattern): boolean {
  return pattern.length > 1 && pattern.every((part) => part === '');
}

/** Writes a pattern for SQL's LIKE, with its default escape character. */
export function likePattern(pattern: Pattern): string {
  return pattern.map((part) => part.replace(/[\\%_]/g, '\\$&')).join('%');
}

/** Compiles a pattern into a test of a whole text; it answers as LIKE does. */
export function patternTest(pattern: Pattern): (text: string) => boolean {
  const first = pattern[0] ?? '';
  if (isExact(pattern)) return (text) => text === first;
  const last = pattern[pattern.length - 1] ?? '';
  const middle = pattern.slice(1, -1);
  const [only = ''] = middle;
  if (first === '' && last === '' && middle.length < 2) return (text) => text.includes(only);
  return (text) => {
    if (!text.startsWith(first)) return false;
    let position = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, position);
      if (found < 0) return false;
      position = found + part.length;
    }
    return position + last.length <= text.length && text.endsWith(last);
  };
}
