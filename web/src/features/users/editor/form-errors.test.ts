import { expect, test } from 'vitest';
import { ann } from './editor-testing.ts';
import { checkForm, firstFault, rowField, toFormErrors, withoutErrorsOf } from './form-errors.ts';
import { toForm } from './user-form.ts';

const values = toForm(ann({ tags: ['a', 'b', 'c'], metadata: { team: 'core', 'a.b': 'x' } }));
const violation = (field: string, message = 'Wrong.') => ({ field, message, reason: 'WRONG' });

test.each([
  ['user.name', 'name'],
  ['name', 'name'],
  ['user.email', 'email'],
  ['role', 'role'],
  ['user.tags[2]', 'tags[2]'],
  ['tags', 'tags'],
  ['address.city', 'address.city'],
  ['user.address.postal_code', 'address.postal_code'],
  ['user.metadata.team', 'metadata.team'],
  ['metadata.`team`', 'metadata.team'],
  ['metadata.`a.b`', 'metadata.`a.b`'],
  ['metadata', 'metadata'],
])('a violation of %s lands on the field %s', (field, name) => {
  expect(toFormErrors([violation(field)], values)).toEqual({ byField: new Map([[name, 'Wrong.']]), general: [] });
});

test.each(['request_id', 'user.metadata.gone', 'tags[9]', 'filter'])(
  'a violation of %s is said above the bar',
  (field) => {
    const errors = toFormErrors([violation(field)], values);
    expect([errors.byField.size, errors.general]).toEqual([0, [`${field}: Wrong.`]]);
  },
);

test('several violations of one field are all said', () => {
  const errors = toFormErrors([violation('name', 'Too long.'), violation('user.name', 'Has a tab.')], values);
  expect(errors.byField.get('name')).toBe('Too long. Has a tab.');
});

test('the focus goes to the topmost fault, whatever the order of the violations', () => {
  const errors = toFormErrors([violation('metadata.team'), violation('address.city'), violation('email')], values);
  expect(firstFault(errors, values)).toBe('email');
});

test('what a map cannot hold is found before anything is sent', () => {
  const rows = [
    { rowId: 0, key: 'team', value: 'x' },
    { rowId: 1, key: 'team', value: 'y' },
    { rowId: 2, key: '', value: 'z' },
    { rowId: 3, key: '', value: '' },
  ];
  const { byField } = checkForm({ ...values, metadata: rows });
  expect([...byField.keys()]).toEqual([rowField(1), rowField(2)]);
});

test('half of a surrogate pair is refused here, because the encoding would replace it in silence', () => {
  expect([...checkForm({ ...values, name: 'a\ud83d' }).byField.keys()]).toEqual(['name']);
});

test('a fault goes when its field is edited, and the others stay', () => {
  const errors = toFormErrors([violation('name'), violation('metadata.team'), violation('address.city')], values);
  const after = { ...values, name: 'Anna', address: { ...values.address, street: 'New 1' } };
  expect([...withoutErrorsOf(errors, values, after).byField.keys()]).toEqual(['metadata.team', 'address.city']);
});
