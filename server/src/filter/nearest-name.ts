/** Finds the name that was probably meant: one or two of its letters are wrong, missing or too many, or only its beginning was written. */
export function nearestName<T extends string>(names: readonly T[], text: string): T | undefined {
  let nearest: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = editDistance(name, text.slice(0, 40));
    if (distance < least && distance <= Math.max(1, Math.min(2, Math.floor(name.length / 2)))) {
      nearest = name;
      least = distance;
    }
  }
  return nearest ?? names.find((name) => text.length > 1 && name.startsWith(text));
}

/** Counts the letters to replace, insert or drop (Levenshtein). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
