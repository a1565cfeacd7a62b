import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { leafValue } from '@roster/proto/mask-paths';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ann, anyUser } from './editor-testing.ts';
import { changedLeaves } from './form-mask.ts';
import { copyLeaf, emptyForm, takeLeaf, toForm, toUser } from './user-form.ts';

test('a new user may only read', () => {
  expect(emptyForm()).toMatchObject({ role: UserRole.VIEWER, state: UserState.ACTIVE, name: '', tags: [] });
});

test('a user put into a form and read back is unchanged in every leaf', () => {
  fc.assert(
    fc.property(anyUser, (user) => {
      expect(changedLeaves(user, toUser(toForm(user)))).toEqual([]);
    }),
  );
});

test('a key like __proto__ is an entry like any other', () => {
  const user = { ...User.create(), metadata: Object.fromEntries([['__proto__', 'x']]) };
  expect(toForm(user).metadata).toEqual([{ rowId: 0, key: '__proto__', value: 'x' }]);
  expect(Object.hasOwn(toUser(toForm(user)).metadata, '__proto__')).toBe(true);
});

test('taking leaf after leaf of another user ends with that user', () => {
  fc.assert(
    fc.property(anyUser, anyUser, (mine, theirs) => {
      const leaves = changedLeaves(mine, theirs);
      const form = leaves.reduce((values, leaf) => takeLeaf(values, leaf, theirs), toForm(mine));
      const user = leaves.reduce((copy, leaf) => copyLeaf(copy, leaf, theirs), mine);
      expect(changedLeaves(toUser(form), theirs)).toEqual([]);
      expect(changedLeaves(user, theirs)).toEqual([]);
    }),
  );
});

test('copying a leaf changes no other one', () => {
  fc.assert(
    fc.property(anyUser, anyUser, (to, from) => {
      for (const leaf of changedLeaves(to, from)) {
        expect(changedLeaves(to, copyLeaf(to, leaf, from)).length).toBe(1);
        expect(leafValue(copyLeaf(to, leaf, from), leaf)).toBe(leafValue(from, leaf));
      }
    }),
  );
});

test('a metadata row keeps its identity while its value is taken from elsewhere', () => {
  const values = takeLeaf(toForm(ann()), { field: 'metadata', key: 'team' }, ann({ metadata: { team: 'other' } }));
  expect(values.metadata).toEqual([
    { rowId: 0, key: 'floor', value: '3' },
    { rowId: 1, key: 'team', value: 'other' },
  ]);
});
