import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import fc from 'fast-check';
import { createOne, known, read, remove, restore, update } from '../../users/testing/user-calls.ts';

/** One thing that somebody does to one of a few users. */
export interface Deed {
  /** Which of the clients does it. */
  readonly by: number;
  readonly whom: number;
  readonly what: 'edit' | 'delete' | 'restore';
  readonly fields: Partial<User>;
}

const roles = [UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER];
const texts = ['a', 'b', '𝒜', '‮', '<b>'];

const editedFields: fc.Arbitrary<Partial<User>> = fc.record(
  {
    name: fc.constantFrom(...texts),
    role: fc.constantFrom(...roles),
    state: fc.constantFrom(UserState.ACTIVE, UserState.SUSPENDED),
    tags: fc.subarray(texts),
    metadata: fc.dictionary(fc.constantFrom('team', 'A.b', '`'), fc.constantFrom(...texts), { maxKeys: 2 }),
    address: fc
      .constantFrom(undefined, { street: '', city: 'X', state: '', country: '', postalCode: '1' })
      .map((address) =>
        address === undefined ? { street: '', city: '', state: '', country: '', postalCode: '' } : address,
      ),
  },
  { requiredKeys: [] },
);

export const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.record({
    by: fc.nat(1),
    whom: fc.nat(3),
    what: fc.constantFrom('edit', 'edit', 'edit', 'delete', 'restore'),
    fields: editedFields,
  }),
  { minLength: 20, maxLength: 40 },
);

/** Does them one after another to new users, and returns what each user was after each. What the server refuses leaves nothing. */
export async function perform(
  clients: readonly UserServiceClient[],
  all: readonly Deed[],
): Promise<readonly (readonly User[])[]> {
  const client = known(clients[0]);
  const states: User[][] = [];
  for (let count = 0; count < 4; count += 1) states.push([await createOne(known(clients[count % 2]))]);
  for (const deed of all) {
    const past = known(states[deed.whom]);
    const { id } = known(past[0]);
    const paths = Object.keys(deed.fields);
    const by = known(clients[deed.by]);
    const doing = {
      edit: async () => void (await update(by, { id, user: User.create(deed.fields), updateMask: { paths } })),
      delete: () => remove(by, id),
      restore: async () => void (await restore(by, id)),
    };
    await doing[deed.what]().catch(() => undefined);
    const now = await read(client, id);
    if (now.revision !== past.at(-1)?.revision) past.push(now);
  }
  return states;
}
