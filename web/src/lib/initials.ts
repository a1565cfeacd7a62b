const letters = /\p{L}|\p{N}/u;

/** At most two letters that stand for a name: of its first and its last word. Empty where it has no letters. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words.at(-1)) : '';
  return (first + last).toLocaleUpperCase();
}

function firstLetter(word: string | undefined): string {
  for (const character of word ?? '') if (letters.test(character)) return character;
  return '';
}
