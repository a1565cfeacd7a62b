/**
 * Makes the key by which texts are sorted and searched: compatibility decomposition, marks stripped, lower case.
 *
 * Stored in columns with `COLLATE "C"`, and computed the same way in the browser.
 */
export function foldKey(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ'); // The end of a Greek word must not hide it from a search for its beginning.
}

/** Makes the key by which emails are unique: lower case, NFC, trimmed. Lower case comes first: `J̌` has one code point in lower case only. */
export function emailKey(email: string): string {
  return email.trim().toLowerCase().normalize('NFC');
}

/**
 * Compares two texts by code point, as PostgreSQL does under `COLLATE "C"`.
 *
 * JavaScript's `<` compares UTF-16 units and disagrees beyond the basic plane.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return surrogateLast(x) - surrogateLast(y);
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for code points above U+FFFF, behind every other unit. */
function surrogateLast(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
