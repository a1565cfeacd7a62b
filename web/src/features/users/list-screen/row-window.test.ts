import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  follow,
  moveTo,
  offsetFor,
  type Position,
  rowsInView,
  scrollFor,
  settle,
  type Track,
  trackHeight,
} from './row-window.ts';

const million: Track = { rowCount: 1_000_000, rowHeight: 40, viewHeight: 700 };
const short: Track = { rowCount: 7, rowHeight: 40, viewHeight: 700 };
const anyTrack = fc.record({
  rowCount: fc.integer({ min: 0, max: 5_000_000 }),
  rowHeight: fc.constantFrom(32, 40),
  viewHeight: fc.integer({ min: 100, max: 2000 }),
});

test('the last of a million rows is in view when the scrollbar is at its end', () => {
  const scrollEnd = trackHeight(million) - million.viewHeight;
  const position = follow({ scroll: 0, offset: 0 }, scrollEnd, million);
  expect(rowsInView(position, million, 0).last).toBe(1_000_000);
});

test('a list that fits on its track scrolls one to one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (scroll) => {
      const track = { rowCount: 10_000, rowHeight: 32, viewHeight: 700 };
      expect(offsetFor(scroll, track)).toBeCloseTo(scroll, 3);
    }),
  );
});

test('every place of the rows has a place of the scrollbar, and the way back leads there', () => {
  fc.assert(
    fc.property(anyTrack, fc.double({ min: 0, max: 1, noNaN: true }), (track, share) => {
      const offset = share * Math.max(0, track.rowCount * track.rowHeight - track.viewHeight);
      const scroll = scrollFor(offset, track);
      expect(scroll).toBeGreaterThanOrEqual(0);
      expect(scroll).toBeLessThanOrEqual(Math.max(0, trackHeight(track) - track.viewHeight) + 1e-6);
      expect(Math.abs(offsetFor(scroll, track) - offset)).toBeLessThan(0.01);
    }),
  );
});

test('a turn of the wheel moves the rows by as much as itself, in a list of any length', () => {
  const middle = settle({ scroll: 0, offset: 20_000_000 }, million);
  expect(follow(middle, middle.scroll + 100, million).offset - middle.offset).toBeCloseTo(100, 6);
});

test('by the wheel alone, with rests, one comes from anywhere near the start to the first row', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000 }), (start) => {
      let position: Position = settle({ scroll: 0, offset: start }, million);
      for (let turn = 0; turn < 1000 && position.offset > 0; turn += 1) {
        position = settle(follow(position, Math.max(0, position.scroll - 120), million), million);
      }
      expect(position).toEqual({ scroll: 0, offset: 0 });
    }),
    { numRuns: 20 },
  );
});

test('settling never moves the rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 39_999_300 }), fc.integer({ min: 0, max: 7_999_300 }), (offset, scroll) => {
      expect(settle({ scroll, offset }, million).offset).toBe(offset);
    }),
  );
});

test('going to a row far away or beyond the end stays within the list', () => {
  expect(moveTo({ scroll: 0, offset: 0 }, 1e12, million).offset).toBe(1_000_000 * 40 - 700);
  expect(moveTo({ scroll: 0, offset: 0 }, 500, short)).toEqual({ scroll: 0, offset: 0 });
  expect(rowsInView({ scroll: 0, offset: 0 }, short, 8)).toEqual({ first: 0, last: 7 });
});
