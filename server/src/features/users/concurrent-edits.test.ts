import { type User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp } from '../../testing/test-app.ts';
import { createOne, known, read } from './testing/user-calls.ts';

let client: UserServiceClient;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ client, close } = await openTestApp());
});
afterAll(() => close());

/** The parts of a user that the edits below touch, one value each; a key that is not there is undefined. */
type Leaves = Readonly<Record<string, string | undefined>>;

interface Edit {
  readonly leaves: Leaves;
  /** Whether the whole metadata is replaced. */
  readonly replacesMetadata: boolean;
}

const metadataKeys = ['a', 'b', 'c d'];
const value = fc.constantFrom('1', '2', '3', '4', '5', '6', '7');
const edits = fc.record({
  replacesMetadata: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  leaves: fc
    .record(
      {
        name: value,
        tags: value,
        city: value,
        country: value,
        ...Object.fromEntries(metadataKeys.map((key) => [key, fc.option(value, { nil: undefined })])),
      },
      { requiredKeys: [] },
    )
    .filter((leaves) => Object.keys(leaves).length > 0),
});

const pathOf = (leaf: string): string => {
  if (leaf === 'city' || leaf === 'country') return `address.${leaf}`;
  return metadataKeys.includes(leaf) ? `metadata.\`${leaf}\`` : leaf;
};

function requestOf(id: string, baseRevision: number, { leaves, replacesMetadata }: Edit): UpdateUserRequest {
  const metadata = Object.fromEntries(
    metadataKeys.flatMap((key) => (leaves[key] === undefined ? [] : [[key, leaves[key]]])),
  );
  const masked = Object.keys(leaves).filter((leaf) => !replacesMetadata || !metadataKeys.includes(leaf));
  return UpdateUserRequest.create({
    id,
    baseRevision,
    user: {
      name: leaves['name'] ?? '',
      tags: leaves['tags'] ? [leaves['tags']] : [],
      address: { city: leaves['city'] ?? '', country: leaves['country'] ?? '' },
      metadata,
    },
    updateMask: { paths: [...masked.map(pathOf), ...(replacesMetadata ? ['metadata'] : [])] },
  });
}

const leavesOf = (user: User): Leaves => ({
  name: user.name,
  tags: user.tags[0],
  city: user.address?.city,
  country: user.address?.country,
  ...Object.fromEntries(metadataKeys.map((key) => [key, user.metadata[key]])),
});

const apply = (state: Leaves, { leaves, replacesMetadata }: Edit): Leaves => ({
  ...state,
  ...(replacesMetadata ? Object.fromEntries(metadataKeys.map((key) => [key, undefined])) : {}),
  ...leaves,
});

test('of 32 edits at once nothing that was acknowledged is lost, and each refused one had a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edits, { minLength: 32, maxLength: 32 }), async (all) => {
      const base = await createOne(client, {
        name: '0',
        tags: ['0'],
        metadata: { a: '0' },
        address: { city: '0', country: '0' },
        role: UserRole.ADMIN,
      });
      const answers = await Promise.allSettled(
        all.map((edit) => client.updateUser(requestOf(base.id, base.revision, edit)).response),
      );
      const acknowledged = answers.flatMap((answer, index) =>
        answer.status === 'fulfilled' ? [{ edit: known(all[index]), user: known(answer.value.user) }] : [],
      );
      acknowledged.sort((a, b) => a.user.revision - b.user.revision);
      let state = leavesOf(base);
      for (const { edit, user } of acknowledged) {
        state = apply(state, edit);
        // Each answer is the fold of all before it.
        expect(leavesOf(user)).toEqual(state);
      }
      expect(leavesOf(await read(client, base.id))).toEqual(state);
      for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason.code).toBe('ABORTED');
      expect(acknowledged.length).toBeGreaterThan(0);
    }),
    { numRuns: 12 },
  );
}, 60_000);
