import { User, UserFeed_RemovalReason, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { encodeChanges, encodeFeed } from './encode-feed.ts';

test('changes joined from encoded users are the bytes that the generated code makes of the whole', () => {
  const upserts = [User.create({ id: 'a', name: 'Ada', role: UserRole.ADMIN, revision: 7 }), User.create({ id: 'b' })];
  const removals = [{ id: 'c', revision: 9, reason: UserFeed_RemovalReason.DELETED }];
  const encoded = encodeChanges(
    upserts.map((user) => User.toBinary(user)),
    removals,
  );
  expect(Buffer.from(encoded)).toEqual(
    Buffer.from(encodeFeed({ oneofKind: 'changes', changes: { upserts, removals } })),
  );
});

test('whatever the sizes, encoded changes decode to what they were made of', () => {
  for (const length of [0, 1, 100, 110, 118, 122, 124, 126, 127, 128, 16_360, 16_380, 16_384, 200_000, 2_100_000]) {
    for (const count of [0, 1, 3]) {
      const upserts = Array.from({ length: count }, () => User.create({ name: 'x'.repeat(length) }));
      const encoded = encodeChanges(
        upserts.map((user) => User.toBinary(user)),
        [],
      );
      const whole = encodeFeed({ oneofKind: 'changes', changes: { upserts, removals: [] } });
      expect(Buffer.compare(encoded, whole)).toBe(0);
    }
  }
});
