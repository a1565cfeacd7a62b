import { User } from '@roster/proto/gen/userservice/v1/user';
import { describe, expect, test } from 'vitest';
import { drawnUser, isNewRemoval, isNewUpsert, type Known } from './apply-feed-event.ts';

const held: Known = { revision: 5, isRemoved: false };
const removed: Known = { revision: 5, isRemoved: true };

describe('what the feed says is applied', () => {
  test.each([
    // known, revision, upsert applies, removal applies
    [undefined, 1, true, true],
    [held, 4, false, false],
    [held, 5, false, true],
    [held, 6, true, true],
    [removed, 4, false, false],
    [removed, 5, false, false],
    [removed, 6, true, true],
  ])('if it is news: known %o, revision %i, upsert %o, removal %o', (known, revision, upsert, removal) => {
    expect(isNewUpsert(known, revision)).toBe(upsert);
    expect(isNewRemoval(known, revision)).toBe(removal);
  });

  test("and one's own answer is drawn only until the feed has caught up with it", () => {
    const row = (revision: number) => User.create({ revision });
    expect(drawnUser(row(5), row(6)).revision).toBe(6);
    expect(drawnUser(row(6), row(6)).revision).toBe(6);
    expect(drawnUser(row(7), row(6)).revision).toBe(7);
    expect(drawnUser(row(5), undefined).revision).toBe(5);
  });
});
