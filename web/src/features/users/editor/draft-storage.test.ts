import { expect, test } from 'vitest';
import type { DraftStorage } from '../../../session/person-storage.ts';
import { contestedOf, countChanges, editDraft, startDraft } from './draft.ts';
import {
  forgetDraft,
  loadDraft,
  loadNewUser,
  newUserKey,
  setNewUserAside,
  settleNewUserAside,
  storeDraft,
  storeNewUser,
} from './draft-storage.ts';
import { ann } from './editor-testing.ts';
import { mergeRemote } from './merge-remote.ts';
import { emptyForm } from './user-form.ts';

function memory(entries: Readonly<Record<string, string>> = {}): DraftStorage {
  const held = new Map(Object.entries(entries));
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
}

test('an edit read back after a reload still has its changes and its base revision', () => {
  const storage = memory();
  const draft = editDraft(startDraft(ann()), { name: 'Anna', tags: ['x'] });
  storeDraft(storage, 'u', draft);
  const loaded = loadDraft(storage, 'u');
  expect(loaded?.values).toEqual(draft.values);
  expect([loaded && countChanges(loaded), loaded?.base.revision]).toEqual([2, 5]);
});

test('what others changed during the reload is contested, as if it had come by the feed', () => {
  const storage = memory();
  storeDraft(storage, 'u', editDraft(startDraft(ann()), { name: 'Anna' }));
  const loaded = loadDraft(storage, 'u');
  const merged = loaded && mergeRemote(loaded, ann({ name: 'Anne', email: 'x@y.z', revision: 9 }));
  expect(merged && contestedOf(merged).map(({ path }) => path)).toEqual(['name']);
  expect([merged?.values.email, merged?.base.revision]).toEqual(['x@y.z', 5]);
});

test('a forgotten edit is gone', () => {
  const storage = memory();
  storeDraft(storage, 'u', startDraft(ann()));
  forgetDraft(storage, 'u');
  expect(loadDraft(storage, 'u')).toBeUndefined();
});

test('a new user that was being typed comes back', () => {
  const storage = memory();
  storeNewUser(storage, { ...emptyForm(), name: 'Zoë' });
  expect(loadNewUser(storage, 1)?.name).toBe('Zoë');
});

test('who is being created while their form is left is not offered again, unless that was refused or the page is another one since', () => {
  const storage = memory();
  const beginAndLeave = () => {
    storeNewUser(storage, { ...emptyForm(), name: 'Zoë' });
    setNewUserAside(storage, 1);
    expect(loadNewUser(storage, 1)).toBeUndefined();
  };
  beginAndLeave();
  expect(loadNewUser(storage, 2)?.name).toBe('Zoë');
  beginAndLeave();
  settleNewUserAside(storage, false);
  expect(loadNewUser(storage, 1)?.name).toBe('Zoë');
  beginAndLeave();
  settleNewUserAside(storage, true);
  expect(loadNewUser(storage, 2)).toBeUndefined();
});

test('who was being created is not kept by an answer that comes after all was thrown away', () => {
  const storage = memory();
  settleNewUserAside(storage, false);
  expect(loadNewUser(storage, 2)).toBeUndefined();
});

test('who was refused while another one is typed is there after that', () => {
  const storage = memory();
  storeNewUser(storage, { ...emptyForm(), name: 'Zoë' });
  setNewUserAside(storage, 1);
  storeNewUser(storage, { ...emptyForm(), name: 'Anna' });
  settleNewUserAside(storage, false);
  expect(loadNewUser(storage, 1)?.name).toBe('Anna');
  forgetDraft(storage, newUserKey);
  expect(loadNewUser(storage, 1)?.name).toBe('Zoë');
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"values":{}}',
  '{"values":{"name":1},"base":{}}',
  '{"base":{"id":[]},"values":null}',
])('what another version or another hand left (%s) is passed over', (text) => {
  expect(loadDraft(memory({ 'roster.draft.u': text }), 'u')).toBeUndefined();
  expect(loadNewUser(memory({ 'roster.draft.new': text }), 1)).toBeUndefined();
});

test('a browser that keeps nothing only loses the protection against a reload', () => {
  const refuse = () => {
    throw new Error('QuotaExceededError');
  };
  const storage = { getItem: refuse, setItem: refuse, removeItem: refuse };
  expect(() => storeDraft(storage, 'u', startDraft(ann()))).not.toThrow();
  expect(loadDraft(storage, 'u')).toBeUndefined();
  expect(() => forgetDraft(storage, 'u')).not.toThrow();
});
