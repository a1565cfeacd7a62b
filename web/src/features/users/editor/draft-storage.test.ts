import { expect, test } from 'vitest';
import type { DraftStorage } from '../../../session/person-storage.ts';
import { contestedOf, countChanges, editDraft, startDraft } from './draft.ts';
import { forgetDraft, loadDraft, loadNewUser, storeDraft, storeNewUser } from './draft-storage.ts';
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
  expect(loadNewUser(storage)?.name).toBe('Zoë');
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
  expect(loadNewUser(memory({ 'roster.draft.new': text }))).toBeUndefined();
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
