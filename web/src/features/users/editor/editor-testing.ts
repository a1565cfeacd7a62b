import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import fc from 'fast-check';

/** A user with something in every field, for tests. */
export function ann(changes: Partial<User> = {}): User {
  return User.create({
    id: '018f0000-0000-7000-8000-000000000001',
    name: 'Ann',
    email: 'ann@example.com',
    role: UserRole.EDITOR,
    state: UserState.ACTIVE,
    tags: ['vip'],
    address: { street: 'Main 1', city: 'Oslo', state: '', country: 'NO', postalCode: '0150' },
    metadata: { team: 'core', floor: '3' },
    revision: 5,
    ...changes,
  });
}

const text = fc.constantFrom('', 'a', 'b', 'ab', 'مرحبا', '👩‍👩‍👧');
const key = fc.constantFrom('team', 'floor', 'a.b', '`', '__proto__', 'constructor', 'x y');

/** Users that collide often: few values for each field. */
export const anyUser: fc.Arbitrary<User> = fc
  .record({
    name: text,
    email: text,
    role: fc.constantFrom(UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER),
    state: fc.constantFrom(UserState.ACTIVE, UserState.SUSPENDED),
    tags: fc.array(text, { maxLength: 2 }),
    address: fc.option(fc.record({ street: text, city: text, state: text, country: text, postalCode: text }), {
      nil: undefined,
    }),
    metadata: fc.array(fc.tuple(key, text), { maxLength: 3 }),
  })
  .map(({ address, metadata, ...rest }) => ({
    ...User.create({ id: 'u', ...rest, ...(address && { address }) }),
    metadata: Object.fromEntries(metadata),
  }));
