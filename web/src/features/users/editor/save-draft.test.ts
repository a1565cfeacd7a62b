import type { User } from '@roster/proto/gen/userservice/v1/user';
import { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import type { AppError } from '../../../rpc/app-error.ts';
import type { UserUpdate } from '../api/update-user.ts';
import { choose } from './conflict.ts';
import { type Draft, editDraft, startDraft } from './draft.ts';
import { ann } from './editor-testing.ts';
import { type SaveParts, saveDraft } from './save-draft.ts';

/** A draft with a server that answers in turn, whatever it is asked. */
function editing(start: Draft, answers: readonly (User | AppError)[]) {
  const sent: UserUpdate[] = [];
  let draft = start;
  const parts: SaveParts = {
    latest: () => draft,
    step(next) {
      draft = next(draft);
    },
    async send(update) {
      const answer = answers[sent.push(update) - 1];
      if (!answer || 'kind' in answer) throw answer;
      return answer;
    },
  };
  return { parts, sent, draft: () => draft };
}

const mine = editDraft(startDraft(ann()), { name: 'Anna' });
const conflict = (current: User): AppError => ({
  kind: 'conflict',
  message: 'Changed.',
  conflict: UpdateConflict.create({ current, changes: [{ path: 'name', actor: 'Bo' }] }),
});
const paths = ({ updateMask, baseRevision }: UserUpdate) => [updateMask?.paths, baseRevision];

test('a save sends what changed upon the revision of the form, and leaves nothing changed', async () => {
  const { parts, sent, draft } = editing(mine, [ann({ name: 'Anna', revision: 6 })]);
  expect(await saveDraft(parts)).toMatchObject({ kind: 'saved', changeCount: 1 });
  expect(sent.map(paths)).toEqual([[['name'], 5]]);
  expect(draft().base).toMatchObject({ name: 'Anna', revision: 6 });
  expect(await saveDraft(parts)).toEqual({ kind: 'nothing-to-save' });
});

test('a conflict is left to the person, and is not asked of the server twice', async () => {
  const { parts, sent } = editing(mine, [conflict(ann({ name: 'Anne', revision: 7 }))]);
  expect(await saveDraft(parts)).toEqual({ kind: 'undecided', paths: ['name'] });
  expect(await saveDraft(parts)).toEqual({ kind: 'undecided', paths: ['name'] });
  expect(sent.length).toBe(1);
});

test('after the choice the save goes upon the new revision', async () => {
  const theirs = ann({ name: 'Anne', revision: 7 });
  const { parts, sent } = editing(mine, [conflict(theirs), ann({ name: 'Anna', revision: 8 })]);
  await saveDraft(parts);
  parts.step((draft) => choose(draft, 'name', 'mine'));
  expect(await saveDraft(parts)).toMatchObject({ kind: 'saved' });
  expect(sent.map(paths)).toEqual([
    [['name'], 5],
    [['name'], 7],
  ]);
});

test('a conflict that leaves nothing to choose is saved again by itself', async () => {
  const { parts, sent } = editing(mine, [conflict(ann({ revision: 7 })), ann({ name: 'Anna', revision: 8 })]);
  expect(await saveDraft(parts)).toMatchObject({ kind: 'saved' });
  expect(sent.map(paths).at(-1)).toEqual([['name'], 7]);
});

test('but not for ever', async () => {
  const back = [7, 8, 9, 10, 11].map((revision) => conflict(ann({ revision })));
  const { parts, sent } = editing(mine, back);
  expect(await saveDraft(parts)).toMatchObject({ kind: 'refused', error: { kind: 'conflict' } });
  expect(sent.length).toBe(4);
});

test('a refused field keeps what was typed', async () => {
  const taken: AppError = {
    kind: 'taken',
    message: 'Taken.',
    fields: [{ field: 'user.email', message: 'Another user has this email.', reason: 'EMAIL_TAKEN' }],
  };
  const { parts, draft } = editing(editDraft(mine, { email: 'bo@example.com' }), [taken]);
  const errors = { byField: new Map([['email', 'Another user has this email.']]), general: [] };
  expect(await saveDraft(parts)).toEqual({ kind: 'refused', errors, error: undefined });
  expect(draft().values).toMatchObject({ name: 'Anna', email: 'bo@example.com' });
});

test('what the form itself finds is not sent', async () => {
  const twice = [0, 1].map((rowId) => ({ rowId, key: 'team', value: 'x' }));
  const { parts, sent } = editing(editDraft(mine, { metadata: twice }), []);
  expect(await saveDraft(parts)).toMatchObject({ kind: 'refused', error: undefined });
  expect(sent).toEqual([]);
});

test.each<AppError>([
  { kind: 'unreachable', message: 'The server cannot be reached.' },
  { kind: 'rule', reason: 'LAST_ADMIN', message: 'The last admin stays an admin.' },
])('an error of no field ($kind) is said above the bar, and nothing is lost', async (error) => {
  const { parts, draft } = editing(mine, [error]);
  expect(await saveDraft(parts)).toMatchObject({ kind: 'refused', error });
  expect(draft()).toEqual(mine);
});

test('who declines to confirm who they are finds the form as it was, and no fault in it', async () => {
  const { parts, draft } = editing(mine, [{ kind: 'unconfirmed', message: 'Confirm first that it is you.' }]);
  expect(await saveDraft(parts)).toEqual({ kind: 'declined' });
  expect(draft()).toBe(mine);
});

test('a save that takes rights away from the person who saves is a question, not a fault', async () => {
  const message = 'This takes rights away from yourself.';
  const { parts, draft } = editing(mine, [{ kind: 'rule', reason: 'SELF_CHANGE_UNCONFIRMED', message }]);
  expect(await saveDraft(parts)).toEqual({ kind: 'self-unconfirmed', message });
  expect(draft()).toBe(mine);
});

test('a role that one may not give is said on the role', async () => {
  const message = 'Your role does not allow you to give this role.';
  const fields = [{ field: 'user.role', message, reason: 'ROLE_ABOVE_OWN' }];
  const { parts } = editing(mine, [{ kind: 'not-permitted', reason: 'ROLE_ABOVE_OWN', fields, message }]);
  const errors = { byField: new Map([['role', message]]), general: [] };
  expect(await saveDraft(parts)).toEqual({ kind: 'refused', errors, error: undefined });
});
