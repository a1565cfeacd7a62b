import { type Bitmap, clearBit, createBitmap, hasBit, lengthen, setBit } from './bitmap.ts';
import { type ConditionBits, kindCount, kindOf } from './condition-bits.ts';
import type { FilterSubject } from './filter-subject.ts';
import { createTimeBuckets } from './time-buckets.ts';

/** Finds parts of filters by role, state, times and tags: one bit each in some bitmaps, which are joined word by word. */
export interface BitmapIndex<P> {
  add(bits: ConditionBits, part: P): () => void;
  /** Calls back for each part that may match; `isSure` if role, state, times and tags, as far as bitmaps hold them, do. */
  match(subject: FilterSubject, found: (part: P, isSure: boolean) => void): void;
}

interface TagBitmap extends Bitmap {
  users: number;
}

export function createBitmapIndex<P>(): BitmapIndex<P> {
  let length = 4;
  const parts: (P | undefined)[] = [];
  const freeSlots: number[] = [];
  const kinds = Array.from({ length: kindCount }, () => createBitmap(length));
  const created = createTimeBuckets(length);
  const updated = createTimeBuckets(length);
  const withoutTag = createBitmap(length);
  const withTag = new Map<string, TagBitmap>();
  const withNotTag = new Map<string, TagBitmap>();
  let joined = new Uint32Array(length);

  function takeSlot(part: P): number {
    const slot = freeSlots.pop() ?? parts.length;
    parts[slot] = part;
    if (slot >= length * 32) {
      length *= 2;
      for (const bitmap of [...kinds, withoutTag, ...withTag.values(), ...withNotTag.values()])
        lengthen(bitmap, length);
      created.lengthen(length);
      updated.lengthen(length);
      joined = new Uint32Array(length);
    }
    return slot;
  }

  function addTag(bitmaps: Map<string, TagBitmap>, tag: string, slot: number): void {
    const bitmap = bitmaps.get(tag) ?? { ...createBitmap(length), users: 0 };
    bitmaps.set(tag, bitmap);
    bitmap.users += 1;
    setBit(bitmap, slot);
  }

  function removeTag(bitmaps: Map<string, TagBitmap>, tag: string, slot: number): void {
    const bitmap = bitmaps.get(tag);
    if (!bitmap) return;
    clearBit(bitmap, slot);
    bitmap.users -= 1;
    if (bitmap.users === 0) bitmaps.delete(tag);
  }

  /** Leaves in `joined` the slots whose tags the user has, and lacks where they say so. */
  function joinTags(tags: readonly string[]): void {
    joined.set(withoutTag.words);
    for (const tag of withTag.size > 0 ? tags : []) {
      const words = withTag.get(tag)?.words;
      for (let at = 0; words && at < length; at += 1) joined[at] = (joined[at] ?? 0) | (words[at] ?? 0);
    }
    for (const tag of withNotTag.size > 0 ? tags : []) {
      const words = withNotTag.get(tag)?.words;
      for (let at = 0; words && at < length; at += 1) joined[at] = (joined[at] ?? 0) & ~(words[at] ?? 0);
    }
  }

  return {
    add(bits, part) {
      const slot = takeSlot(part);
      for (const kind of bits.kinds) setBit(kinds[kind] ?? withoutTag, slot);
      created.add(slot, bits.created);
      updated.add(slot, bits.updated);
      if (bits.tag === undefined) setBit(withoutTag, slot);
      else addTag(withTag, bits.tag, slot);
      if (bits.notTag !== undefined) addTag(withNotTag, bits.notTag, slot);
      return () => {
        parts[slot] = undefined;
        freeSlots.push(slot);
        for (const kind of kinds) clearBit(kind, slot);
        created.remove(slot);
        updated.remove(slot);
        clearBit(withoutTag, slot);
        if (bits.tag !== undefined) removeTag(withTag, bits.tag, slot);
        if (bits.notTag !== undefined) removeTag(withNotTag, bits.notTag, slot);
      };
    },
    match(subject, found) {
      const { user } = subject;
      const kind = kindOf(user.role, user.state, subject.deletedMs !== undefined);
      const ofKind = kind === undefined ? undefined : kinds[kind]?.words;
      if (!ofKind) {
        for (const part of parts) if (part !== undefined) found(part, false);
        return;
      }
      joinTags(user.tags);
      const createdAt = created.at(subject.createdMs);
      const updatedAt = updated.at(subject.updatedMs);
      const [createdWords, updatedWords] = [createdAt.possible.words, updatedAt.possible.words];
      for (let at = 0; at < length; at += 1) {
        let word = (ofKind[at] ?? 0) & (createdWords[at] ?? 0) & (updatedWords[at] ?? 0) & (joined[at] ?? 0);
        while (word !== 0) {
          const bit = 31 - Math.clz32(word);
          word &= ~(1 << bit);
          const slot = at * 32 + bit;
          const part = parts[slot];
          if (part !== undefined) found(part, !hasBit(createdAt.unsure, slot) && !hasBit(updatedAt.unsure, slot));
        }
      }
    },
  };
}
