/** Bits by slot number; all bitmaps of one index are of one length. */
export interface Bitmap {
  words: Uint32Array;
}

export function createBitmap(words: number): Bitmap {
  return { words: new Uint32Array(words) };
}

export function setBit({ words }: Bitmap, slot: number): void {
  words[slot >>> 5] = (words[slot >>> 5] ?? 0) | (1 << (slot & 31));
}

export function clearBit({ words }: Bitmap, slot: number): void {
  words[slot >>> 5] = (words[slot >>> 5] ?? 0) & ~(1 << (slot & 31));
}

export function hasBit({ words }: Bitmap, slot: number): boolean {
  return ((words[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
}

export function lengthen(bitmap: Bitmap, words: number): void {
  const longer = new Uint32Array(words);
  longer.set(bitmap.words);
  bitmap.words = longer;
}
