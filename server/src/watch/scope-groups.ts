import type { User } from '@roster/proto/gen/userservice/v1/user';
import { createFilterIndex } from '../filter/filter-index.ts';
import { subjectOf } from '../filter/filter-subject.ts';
import { type FeedEntry, isChange, isPurge, type Purge } from './feed-change.ts';
import type { LiveTotal } from './live-total.ts';
import type { Scope } from './scope.ts';
import { createScopeGroup, isVisible, type ScopeGroup, wasVisible } from './scope-group.ts';

/** The groups of all scopes that somebody watches or has asked the total of, under an index that finds those which a change touches. */
export interface ScopeGroups {
  readonly size: number;
  /** Goes over what comes and goes meanwhile as well. */
  [Symbol.iterator](): Iterator<ScopeGroup, void>;
  get(key: string): ScopeGroup | undefined;
  /** A new group, which is told of the changes after `start`. */
  add(scope: Scope, start: number, live: LiveTotal): ScopeGroup;
  remove(group: ScopeGroup): void;
  /** Tells the groups of changes, in order, and returns those that were touched. */
  tell(entries: readonly FeedEntry[]): ReadonlySet<ScopeGroup>;
}

export function createScopeGroups(): ScopeGroups {
  const groups = new Map<string, { readonly group: ScopeGroup; readonly leaveIndex: () => void }>();
  const index = createFilterIndex<ScopeGroup>();

  function erase(purge: Purge, touched: Set<ScopeGroup>): void {
    for (const { group } of groups.values()) {
      group.forgetMessages();
      if (!group.scope.showsDeleted) continue;
      group.erase(purge);
      touched.add(group);
    }
  }

  return {
    get size() {
      return groups.size;
    },
    get: (key) => groups.get(key)?.group,
    add(scope, start, live) {
      const group = createScopeGroup(scope, start, live);
      groups.set(scope.key, { group, leaveIndex: index.add(scope.filter, group) });
      return group;
    },
    remove(group) {
      const known = groups.get(group.scope.key);
      if (known?.group !== group) return;
      groups.delete(group.scope.key);
      known.leaveIndex();
    },
    tell(entries) {
      const touched = new Set<ScopeGroup>();
      const touch = (seq: number, side: typeof wasVisible | typeof isVisible, user: User) => (group: ScopeGroup) => {
        group.touch(seq, side, user);
        touched.add(group);
      };
      for (const entry of entries) {
        if (isPurge(entry)) erase(entry, touched);
        if (!isChange(entry)) continue;
        const { seq, before, after } = entry;
        if (before) index.match(subjectOf(before), touch(seq, wasVisible, before));
        index.match(subjectOf(after), touch(seq, isVisible, after));
      }
      return touched;
    },
    *[Symbol.iterator]() {
      for (const { group } of groups.values()) yield group;
    },
  };
}
