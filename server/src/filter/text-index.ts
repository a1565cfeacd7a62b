import type { Conjunction } from './conjunctions.ts';
import type { Filter } from './filter.ts';
import type { FilterSubject } from './filter-subject.ts';
import { isExact, type Pattern } from './pattern.ts';

/** Finds parts of filters by what they ask for in texts. */
export interface TextIndex<P> {
  /** Undefined where no condition asks for a text that is long enough. */
  add(conditions: Conjunction, part: P): (() => void) | undefined;
  /** Calls back for each part that may match, some more than once. */
  match(subject: FilterSubject, found: (part: P) => void): void;
}

/** The texts of a user that are searched for three letters. */
const areas = ['folded', 'address', 'metadata', 'tags'] as const;
type Area = (typeof areas)[number];

/** Letters are hashed: a part that is found in vain is compared and let go. */
const hashes = 1 << 16;
const mostPlaces = 64;

export function createTextIndex<P>(): TextIndex<P> {
  const byEntry = new Map<string, Set<P>>();
  const byLetters: Readonly<Record<Area, Map<number, Set<P>>>> = {
    folded: new Map(),
    address: new Map(),
    metadata: new Map(),
    tags: new Map(),
  };

  /** Any three letters that stand together will do. */
  function* placesOf(conditions: Conjunction): Iterable<Place<P>> {
    for (const { area, text } of conditions.flatMap(lettersOf)) {
      const byHash = byLetters[area];
      for (let at = 0; at + 3 <= text.length; at += 1) yield { byHash, hash: hashAt(text, at) };
    }
  }

  return {
    add(conditions, part) {
      const entry = conditions.map(entryOf).find((found) => found !== undefined);
      if (entry !== undefined) return put(byEntry, entry, part);
      const place = emptiest(placesOf(conditions));
      return place && put(place.byHash, place.hash, part);
    },
    match(subject, found) {
      for (const [key, value] of byEntry.size > 0 ? Object.entries(subject.user.metadata) : []) {
        for (const part of byEntry.get(entryKey(key, value)) ?? []) found(part);
      }
      for (const area of areas) {
        const byHash = byLetters[area];
        if (byHash.size === 0) continue;
        for (const text of textsOf(subject, area)) {
          for (let at = 0; at + 3 <= text.length; at += 1) {
            const parts = byHash.get(hashAt(text, at));
            if (parts) for (const part of parts) found(part);
          }
        }
      }
    },
  };
}

function put<K, P>(map: Map<K, Set<P>>, key: K, part: P): () => void {
  const parts = map.get(key) ?? new Set();
  map.set(key, parts.add(part));
  return () => {
    parts.delete(part);
    if (parts.size === 0 && map.get(key) === parts) map.delete(key);
  };
}

function entryKey(key: string, value: string): string {
  return `${key.length} ${key}${value}`;
}

function entryOf(condition: Filter): string | undefined {
  if (condition.kind !== 'text' || condition.text.field !== 'metadata' || !isExact(condition.pattern)) return undefined;
  return entryKey(condition.text.key, condition.pattern[0] ?? '');
}

/** Where a part may lie. */
interface Place<P> {
  readonly byHash: Map<number, Set<P>>;
  readonly hash: number;
}

interface Letters {
  readonly area: Area;
  readonly text: string;
}

/** The parts of a condition's text that are long enough. */
function lettersOf(condition: Filter): readonly Letters[] {
  switch (condition.kind) {
    case 'search':
      return longParts('folded', condition.pattern);
    case 'text':
      return longParts(areaOf(condition.text.field), condition.pattern);
    case 'element':
      // An exact tag has a bitmap, which serves it better where many filters ask for it.
      return condition.of === 'tags' && !isExact(condition.pattern) ? longParts('tags', condition.pattern) : [];
    default:
      return [];
  }
}

function areaOf(field: 'id' | 'name' | 'email' | 'address' | 'metadata'): Area {
  return field === 'address' || field === 'metadata' ? field : 'folded';
}

function longParts(area: Area, pattern: Pattern): readonly Letters[] {
  return pattern.filter((text) => text.length >= 3).map((text) => ({ area, text }));
}

/**
 * Many filters may begin alike, as addresses of one company end alike: under other letters each has fewer beside it. Looks at some places only, for a text may be long,
 * and whoever sends it must not hold up the others.
 */
function emptiest<P>(places: Iterable<Place<P>>): Place<P> | undefined {
  let best: Place<P> | undefined;
  let [leastSize, left] = [Number.POSITIVE_INFINITY, mostPlaces];
  for (const place of places) {
    const size = place.byHash.get(place.hash)?.size ?? 0;
    if (size < leastSize) [best, leastSize] = [place, size];
    left -= 1;
    if (size === 0 || left === 0) break;
  }
  return best;
}

/** The search key holds the folded name and email and the id. */
function textsOf(subject: FilterSubject, area: Area): readonly string[] {
  const { user } = subject;
  switch (area) {
    case 'folded':
      return [subject.searchKey];
    case 'address':
      return user.address
        ? [user.address.street, user.address.city, user.address.state, user.address.country, user.address.postalCode]
        : [];
    case 'metadata':
      return Object.values(user.metadata);
    case 'tags':
      return user.tags;
  }
}

function hashAt(text: string, at: number): number {
  return ((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) & (hashes - 1);
}
