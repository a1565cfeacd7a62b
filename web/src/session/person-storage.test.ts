import { expect, test } from 'vitest';
import { personStorage } from './person-storage.ts';

function memory() {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
}

test('what one person has typed is not shown to the next at the same browser, and is there again for the first', () => {
  const storage = memory();
  const [ann, ben] = [personStorage(storage, 'ann'), personStorage(storage, 'ben')];
  ann.setItem('draft', 'from Ann');
  expect(ben.getItem('draft')).toBeNull();
  ben.setItem('draft', 'from Ben');
  ben.removeItem('draft');
  expect(personStorage(storage, 'ann').getItem('draft')).toBe('from Ann');
});
