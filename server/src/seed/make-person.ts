import { Address, User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { timestampOf } from '../store/user-row.ts';
import type { Country } from './countries.ts';
import type { Random } from './random.ts';

const domains = [
  'example.org',
  'example.com',
  'example.net',
  'mail.example.org',
  'staff.example.com',
  'études.example.fr',
  'почта.example.org',
] as const;
const tags = [
  'vip',
  'beta',
  'newsletter',
  'staff',
  'contractor',
  'trial',
  'support',
  'eu',
  'finance',
  'on call',
  '日本',
  'équipe rouge',
  'very long tag of somebody who is thorough',
] as const;
const teams = ['Atlas', 'Borealis', 'Cobalt', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbor'] as const;
const plans = ['free', 'team', 'business', 'enterprise'] as const;
const secondNames = [
  'Maria',
  'von und zu Hohenstein-Wittgenstein',
  'de la Cruz',
  'bin Abdulaziz',
  'O’Connor-Sánchez',
  'Jr.',
  'III',
] as const;

/** Letters that a decomposition does not take apart. */
const latin: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', ø: 'o', đ: 'd', ı: 'i', æ: 'ae', œ: 'oe' };

/** Makes the `index`th person: always the same for the same source of chance, with an email that no other index has. */
export function makePerson(random: Random, countries: readonly Country[], index: number, now: number): User {
  const country = countryOf(random, countries);
  const given = oneOf(random, country.givenNames);
  const family = oneOf(random, country.familyNames);
  const suffix = random.chance(0.03) ? ` ${random.pick(secondNames)}` : '';
  const createdAt = now - Math.floor(random.next() ** 1.5 * 5 * 365 * 86_400_000);
  const updatedAt = random.chance(0.4) ? createdAt + Math.floor(random.next() * (now - createdAt)) : createdAt;
  const user = User.create({
    id: random.uuid(),
    name: country.join(given, family) + suffix,
    email: emailOf(random, given, family, index),
    role: roleOf(random),
    state: random.chance(0.04) ? UserState.SUSPENDED : UserState.ACTIVE,
    createdAt: timestampOf(createdAt),
    updatedAt: timestampOf(updatedAt),
    tags: tagsOf(random),
    metadata: metadataOf(random, index),
  });
  if (random.chance(0.85)) user.address = addressOf(random, country);
  return user;
}

function countryOf(random: Random, countries: readonly Country[]): Country {
  let left = random.next() * countries.reduce((sum, country) => sum + country.weight, 0);
  const found = countries.find((country) => {
    left -= country.weight;
    return left < 0;
  });
  return found ?? oneOf(random, countries);
}

function roleOf(random: Random): UserRole {
  const share = random.next();
  if (share < 0.02) return UserRole.ADMIN;
  return share < 0.2 ? UserRole.EDITOR : UserRole.VIEWER;
}

function emailOf(random: Random, given: string, family: string, index: number): string {
  const parts = [slug(given), slug(family)].filter((part) => part !== '');
  const local = parts.length > 0 ? parts.join(random.pick(['.', '_', ''])) : 'user';
  return `${local}${index.toString(36)}@${random.pick(domains)}`;
}

function slug(text: string): string {
  const folded = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßłøđıæœ]/g, (letter) => latin[letter] ?? '');
  return folded.replace(/[^a-z]/g, '').slice(0, 24);
}

function tagsOf(random: Random): string[] {
  const chosen = new Set<string>();
  while (random.chance(0.45) && chosen.size < 6) chosen.add(random.pick(tags));
  return [...chosen];
}

function metadataOf(random: Random, index: number): Record<string, string> {
  const metadata: Record<string, string> = {};
  if (random.chance(0.6)) metadata['team'] = random.pick(teams);
  if (random.chance(0.5)) metadata['plan'] = random.pick(plans);
  if (random.chance(0.2)) metadata['employee_number'] = String(100_000 + index);
  return metadata;
}

function addressOf(random: Random, country: Country): Address {
  return Address.create({
    street: country.streets.length > 0 ? `${oneOf(random, country.streets)} ${1 + random.below(220)}` : '',
    city: country.cities.length > 0 ? oneOf(random, country.cities) : '',
    state: country.states.length > 0 ? oneOf(random, country.states) : '',
    country: country.code,
    postalCode: country.postalCode.replace(/#/g, () => String(random.below(10))),
  });
}

function oneOf<T>(random: Random, from: readonly T[]): T {
  const found = from[random.below(from.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
