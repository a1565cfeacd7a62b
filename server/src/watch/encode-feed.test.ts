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
