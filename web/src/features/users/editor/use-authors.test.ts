import { expect, test } from 'vitest';
import { contestedOf, editDraft, startDraft } from './draft.ts';
import { ann } from './editor-testing.ts';
import { mergeRemote } from './merge-remote.ts';
import { attribute, unattributed } from './use-authors.ts';
import { toForm } from './user-form.ts';

/** An edit of name and email, of which somebody else has changed both since. */
function contested() {
  const mine = editDraft(startDraft(ann()), toForm(ann({ name: 'Mine', email: 'mine@example.com' })));
  return mergeRemote(mine, ann({ name: 'Theirs', email: 'theirs@example.com', revision: 6 }));
}

test('what the feed brings is contested by nobody known, until the history tells who it was', () => {
  const draft = contested();
  expect(unattributed(draft)).toEqual(['name', 'email']);
  const named = attribute(draft, [{ path: 'name', actor: 'Ada Byron', changedAt: 7 }]);
  expect(contestedOf(named).map(({ path, attribution }) => [path, attribution?.actor])).toEqual([
    ['name', 'Ada Byron'],
    ['email', undefined],
  ]);
  expect(unattributed(named)).toEqual(['email']);
});

test('a name that comes late changes nothing: the field is no longer contested, or was named already', () => {
  const draft = contested();
  const named = attribute(draft, [{ path: 'name', actor: 'Ada Byron', changedAt: 7 }]);
  expect(attribute(named, [{ path: 'name', actor: 'Somebody', changedAt: 8 }])).toBe(named);
  expect(attribute(startDraft(ann()), [{ path: 'name', actor: 'Ada Byron', changedAt: 7 }])).toEqual(startDraft(ann()));
});

test('a later change of the same field may be by somebody else: its name is asked for again', () => {
  const named = attribute(contested(), [{ path: 'name', actor: 'Ada Byron', changedAt: 7 }]);
  const later = mergeRemote(named, ann({ name: 'Later', email: 'theirs@example.com', revision: 7 }));
  expect(unattributed(later)).toEqual(['name', 'email']);
});
