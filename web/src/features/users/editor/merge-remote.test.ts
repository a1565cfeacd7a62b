import type { User } from '@roster/proto/gen/userservice/v1/user';
import { leafValue } from '@roster/proto/mask-paths';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesOf, contestedOf, type Draft, editDraft, startDraft } from './draft.ts';
import { ann, anyUser } from './editor-testing.ts';
import { leavesOfAll } from './form-mask.ts';
import { acceptAnswer, mergeRemote, releaseHeld } from './merge-remote.ts';
import { toForm, toUser } from './user-form.ts';

const contestedPaths = (draft: Draft) => contestedOf(draft).map(({ path }) => path);
const edited = (values: Partial<User>) => editDraft(startDraft(ann()), toForm(ann(values)));

const cases: readonly {
  readonly name: string;
  readonly mine: Partial<User>;
  readonly theirs: Partial<User>;
  readonly contested: readonly string[];
  readonly revision: number;
}[] = [
  { name: 'another field', mine: { name: 'Anna' }, theirs: { email: 'a@b.c' }, contested: [], revision: 6 },
  { name: 'the same field', mine: { name: 'Anna' }, theirs: { name: 'Anne' }, contested: ['name'], revision: 5 },
  { name: 'the same field, to the same', mine: { name: 'Anna' }, theirs: { name: 'Anna' }, contested: [], revision: 6 },
  {
    name: 'another key of the metadata',
    mine: { metadata: { team: 'x', floor: '3' } },
    theirs: { metadata: { team: 'core', floor: '4' } },
    contested: [],
    revision: 6,
  },
  {
    name: 'a key that was removed here',
    mine: { metadata: { floor: '3' } },
    theirs: { metadata: { team: 'x', floor: '3' } },
    contested: ['metadata.team'],
    revision: 5,
  },
];

test.each(cases)('$name changed elsewhere: contested $contested', ({ mine, theirs, contested, revision }) => {
  const draft = mergeRemote(edited(mine), ann({ ...theirs, revision: 6 }));
  expect(contestedPaths(draft)).toEqual(contested);
  expect(draft.base.revision).toBe(revision);
});

test('an older state changes nothing', () => {
  const draft = edited({ name: 'Anna' });
  expect(mergeRemote(draft, ann({ name: 'Old', revision: 4 }))).toBe(draft);
});

test('untouched leaves follow the remote, touched ones keep what was typed', () => {
  fc.assert(
    fc.property(anyUser, anyUser, fc.array(anyUser, { maxLength: 3 }), (base, mine, remotes) => {
      const start = editDraft(startDraft({ ...base, revision: 1 }), toForm(mine));
      const touched = new Map(changesOf(start).map((leaf) => [JSON.stringify(leaf), leaf]));
      const draft = remotes.reduce((d, remote, i) => mergeRemote(d, { ...remote, revision: i + 2 }), start);
      const now = toUser(draft.values);
      // A touched leaf that a remote state met on the way is untouched from then on, and follows.
      for (const leaf of leavesOfAll(base, mine, draft.remote)) {
        const wasMet = remotes.some((remote) => leafValue(remote, leaf) === leafValue(mine, leaf));
        const expected = touched.has(JSON.stringify(leaf)) && !wasMet ? mine : draft.remote;
        expect(leafValue(now, leaf)).toBe(leafValue(expected, leaf));
      }
    }),
  );
});

test('nothing changes under the caret: a field that has the focus waits until it is left', () => {
  const held = mergeRemote(startDraft(ann()), ann({ name: 'Anne', email: 'x@y.z', revision: 6 }), 'name');
  expect(held.values).toMatchObject({ name: 'Ann', email: 'x@y.z' });
  expect(contestedOf(held)).toMatchObject([{ path: 'name', isMineChanged: false }]);
  const released = releaseHeld(held);
  expect(released.values.name).toBe('Anne');
  expect(released.base.revision).toBe(6);
});

test('what is typed while a save is on its way stays a change, and the spelling of the server wins elsewhere', () => {
  const sent = edited({ name: ' Anna ', email: 'new@example.com' });
  const typedOn = editDraft(sent, { email: 'newer@example.com' });
  const answer = ann({ name: 'Anna', email: 'new@example.com', tags: ['from', 'elsewhere'], revision: 7 });
  const draft = acceptAnswer(typedOn, toUser(sent.values), changesOf(sent), answer);
  expect(draft.values).toMatchObject({ name: 'Anna', email: 'newer@example.com', tags: ['from', 'elsewhere'] });
  expect(changesOf(draft)).toEqual([{ field: 'email' }]);
  expect([contestedPaths(draft), draft.base.revision]).toEqual([[], 7]);
});

test('an answer that the feed has overtaken does not take the newer state back', () => {
  const sent = edited({ name: 'Anna' });
  const newer = mergeRemote(sent, ann({ name: 'Anna', tags: ['newer'], revision: 8 }));
  const draft = acceptAnswer(newer, toUser(sent.values), changesOf(sent), ann({ name: 'Anna', revision: 7 }));
  expect([draft.values.tags, draft.base.revision]).toEqual([['newer'], 8]);
});
