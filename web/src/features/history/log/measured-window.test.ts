import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDaySlots } from './day-slots.ts';
import { placeSlots, slotAt, windowOf } from './measured-window.ts';

test('a window holds all that is in view, and the heights of what is not add up to the whole', () => {
  const heights = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(heights, fc.nat(8000), fc.integer({ min: 1, max: 900 }), fc.nat(300), (all, top, height, around) => {
      const places = placeSlots(all);
      const total = all.reduce((sum, each) => sum + each, 0);
      const { first, last, above, below } = windowOf(places, top, height, around);
      const drawn = all.slice(first, last).reduce((sum, each) => sum + each, 0);
      expect(above + drawn + below).toBe(total);
      const scrollTop = Math.min(top, Math.max(0, total - height));
      const shown = windowOf(places, scrollTop, height, around);
      expect(shown.above).toBeLessThanOrEqual(scrollTop);
      expect(shown.below).toBeLessThanOrEqual(Math.max(0, total - scrollTop - height));
    }),
  );
});

test('the slot at a height is the one that the height lies in', () => {
  const { offsets } = placeSlots([10, 20, 5]);
  expect([-5, 0, 9, 10, 29, 30, 34, 99].map((y) => slotAt(offsets, y))).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
  expect(windowOf(placeSlots([]), 0, 100, 0)).toEqual({ first: 0, last: 0, above: 0, below: 0 });
});

test('entries stand under their days, in words where they are near', () => {
  const at = (day: number, hour = 12) => new Date(2026, 10, day, hour).getTime();
  const read = { keyOf: String, atOf: (entry: number) => entry };
  const slots = toDaySlots([at(24), at(24, 0), at(23, 23), at(2), new Date(2024, 1, 29).getTime()], read, at(24, 13));
  expect(slots.map((slot) => (slot.kind === 'day' ? slot.day.words : slot.index))).toEqual([
    'Today',
    0,
    1,
    'Yesterday',
    2,
    'Monday, November 2',
    3,
    'Thursday, February 29, 2024',
    4,
  ]);
});
