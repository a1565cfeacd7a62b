import { User } from '@roster/proto/gen/userservice/v1/user';
import { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import { formatLeaf, leafValue } from '@roster/proto/mask-paths';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyConflict, choose, undecided } from './conflict.ts';
import { changesOf, contestedOf, editDraft, startDraft } from './draft.ts';
import { ann, anyUser } from './editor-testing.ts';
import { changedLeaves, leavesOfAll, toUpdateRequest } from './form-mask.ts';
import { acceptAnswer } from './merge-remote.ts';
import { copyLeaf, toForm, toUser } from './user-form.ts';

const conflict = UpdateConflict.create({
  current: ann({ name: 'Anne', revision: 7 }),
  changes: [{ path: 'name', actor: 'Bo', revision: 7, changedAt: { seconds: '1700000000', nanos: 0 } }],
});
const mine = editDraft(startDraft(ann()), { name: 'Anna', email: 'anna@example.com' });

test('a refused save tells for each contested field who changed it and when', () => {
  const draft = applyConflict(mine, conflict);
  expect(contestedOf(draft)).toEqual([
    {
      leaf: { field: 'name' },
      path: 'name',
      isMineChanged: true,
      attribution: { actor: 'Bo', changedAt: 1_700_000_000_000 },
    },
  ]);
  expect(draft.values).toMatchObject({ name: 'Anna', email: 'anna@example.com' });
  expect(draft.base.revision).toBe(5);
});

test.each([
  ['mine', 'Anna', ['name', 'email']],
  ['theirs', 'Anne', ['email']],
] as const)('choosing %s saves upon the new revision', (choice, name, paths) => {
  const draft = choose(applyConflict(mine, conflict), 'name', choice);
  expect(draft.values.name).toBe(name);
  expect(changesOf(draft).map(formatLeaf)).toEqual(paths);
  expect([undecided(draft), draft.base.revision]).toEqual([[], 7]);
});

test('a choice can be taken back, with what was typed', () => {
  const theirs = choose(applyConflict(mine, conflict), 'name', 'theirs');
  const back = choose(theirs, 'name', 'mine');
  expect([back.values.name, back.base.revision]).toEqual(['Anna', 7]);
});

test('a field that was changed and changed back leaves nothing to choose', () => {
  const draft = applyConflict(mine, { ...conflict, current: ann({ revision: 7 }) });
  expect([undecided(draft), draft.base.revision]).toEqual([[], 7]);
});

/** A store of one user that merges by field, as the server does. */
function modelStore(first: User) {
  let current = first;
  const fieldRevisions = new Map<string, number>();
  function put(next: User, paths: readonly string[]) {
    current = { ...next, revision: current.revision + 1 };
    for (const path of paths) fieldRevisions.set(path, current.revision);
    return current;
  }
  return {
    read: () => current,
    writeElsewhere(next: User) {
      put(next, changedLeaves(current, next).map(formatLeaf));
    },
    update({ user, updateMask, baseRevision }: ReturnType<typeof toUpdateRequest>): User | UpdateConflict {
      const paths = updateMask?.paths ?? [];
      const overlap = paths.filter((path) => (fieldRevisions.get(path) ?? 0) > baseRevision);
      if (overlap.length > 0) {
        const { changes } = UpdateConflict.create({ changes: overlap.map((path) => ({ path })) });
        // Not through `create`, which loses a key like `__proto__`.
        return { current, changes };
      }
      const from = user ?? User.create();
      const masked = leavesOfAll(current, from).filter((leaf) => paths.includes(formatLeaf(leaf)));
      return put(
        masked.reduce((next, leaf) => copyLeaf(next, leaf, from), current),
        paths,
      );
    },
  };
}

test('whatever others write, a save changes only what the person changed, and overwrites theirs only by choice', () => {
  const choices = fc.array(fc.constantFrom('mine' as const, 'theirs' as const), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(anyUser, anyUser, fc.array(anyUser, { maxLength: 2 }), choices, (base, typed, others, picks) => {
      const store = modelStore({ ...base, revision: 1 });
      const start = editDraft(startDraft(store.read()), toForm(typed));
      const touched = new Set(changesOf(start).map(formatLeaf));
      for (const other of others) store.writeElsewhere({ ...other, revision: store.read().revision });
      const before = store.read();
      const request = toUpdateRequest(start.base, toUser(start.values));
      const first = store.update(request);
      const taken = new Set<string>();
      let draft = start;
      if ('changes' in first) {
        draft = applyConflict(start, first);
        undecided(draft).forEach((path, i) => {
          const pick = picks[i % picks.length] ?? 'mine';
          if (pick === 'theirs') taken.add(path);
          draft = choose(draft, path, pick);
        });
        const again = store.update(toUpdateRequest(draft.base, toUser(draft.values)));
        expect('changes' in again).toBe(false);
      } else {
        draft = acceptAnswer(start, toUser(start.values), changesOf(start), first);
      }
      for (const leaf of leavesOfAll(base, typed, before)) {
        const isMine = touched.has(formatLeaf(leaf)) && !taken.has(formatLeaf(leaf));
        expect(leafValue(store.read(), leaf)).toBe(leafValue(isMine ? typed : before, leaf));
      }
    }),
  );
});
