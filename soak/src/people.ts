import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { Random } from '@roster/server/seed/random';

const firstNames = ['Ada', 'Bjørn', 'Chloé', 'Dmitri', 'Esra', 'Farid', 'Adaeze', 'Hana'] as const;
const lastNames = ['Okafor', 'Müller', 'Ng', 'Å', 'O’Neil', 'Silva', 'Tanaka'] as const;
const roles = [UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER] as const;
const tags = ['vip', 'beta', 'on-leave'] as const;

export const pickRole = (random: Random) => random.pick(roles);
export const pickState = (random: Random) => (random.chance(0.7) ? UserState.ACTIVE : UserState.SUSPENDED);
export const pickTags = (random: Random) => tags.filter(() => random.chance(0.4));
export const pickName = (random: Random) =>
  `${random.pick(firstNames)} ${random.pick(lastNames)} ${random.below(1000)}`;

/** A person as a caller creates one; ids and addresses are unlike all others of any run. */
export function makePerson(random: Random): Omit<CreateUserRequest, 'requestId' | 'address'> {
  const id = crypto.randomUUID();
  return {
    id,
    name: pickName(random),
    email: `${id}@example.com`,
    role: pickRole(random),
    state: pickState(random),
    tags: pickTags(random),
    metadata: random.chance(0.3) ? { team: `team ${random.below(5)}`, desk: String(random.below(100)) } : {},
  };
}
