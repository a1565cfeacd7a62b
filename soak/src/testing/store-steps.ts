import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { RecordedEvent } from '../recording.ts';
import type { Step } from './model-run.ts';
import type { DrawnChange, ModelStore } from './model-store.ts';

const userIds = ['ann', 'bob', 'cid', 'dan'];

/** Plays the steps that concern the store alone. */
export interface StoreSteps {
  play(step: Extract<Step, { readonly kind: 'write' | 'hold' | 'commit' | 'sequence' }>): void;
}

export interface StoreStepParts {
  readonly store: ModelStore;
  readonly clock: () => number;
  readonly record: (event: RecordedEvent) => void;
  /** The writer has its answer. */
  readonly onAnswer?: (change: DrawnChange) => void;
}

export function createStoreSteps({ store, clock, record, onAnswer }: StoreStepParts): StoreSteps {
  let held: DrawnChange | undefined;

  function commit(change: DrawnChange): void {
    store.commit(change);
    const { revision, after, at } = change;
    const common = { op: 'update', requestId: `request-${revision}`, userId: after.id, startedAt: at, at: clock() };
    record({ kind: 'write', ...common, outcome: 'acknowledged', revision, code: 'OK' });
    onAnswer?.(change);
  }

  return {
    play(step) {
      switch (step.kind) {
        case 'write': {
          const id = pick(userIds, step.user);
          // Its row is locked.
          if (held?.after.id === id) return;
          const role = pick([UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER], step.role);
          const deletedAt = { seconds: '1', nanos: 0 };
          commit(store.draw(id, { role, tags: step.vip ? ['vip'] : [], ...(step.deleted ? { deletedAt } : {}) }));
          return;
        }
        case 'hold':
          held ??= store.draw(pick(userIds, step.user), { role: pick([UserRole.ADMIN, UserRole.VIEWER], step.role) });
          return;
        case 'commit':
          if (held) commit(held);
          held = undefined;
          return;
        case 'sequence':
          store.sequence();
      }
    },
  };
}

/** The element that a number names by its rest. */
export function pick<T>(from: readonly T[], index: number): T {
  const found = from[index % from.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
