import { allLocales, type LocaleDefinition } from '@faker-js/faker';

/** What people of one country are called and where they live. */
export interface Country {
  readonly code: string;
  readonly givenNames: readonly string[];
  readonly familyNames: readonly string[];
  /** How the two make a name. */
  readonly join: (given: string, family: string) => string;
  readonly cities: readonly string[];
  readonly streets: readonly string[];
  readonly states: readonly string[];
  /** `#` stands for a digit. */
  readonly postalCode: string;
  /** How many of a hundred people live here. */
  readonly weight: number;
}

const givenFirst = (given: string, family: string) => `${given} ${family}`;
const familyFirst = (given: string, family: string) => `${family} ${given}`;
const familyFirstJoined = (given: string, family: string) => family + given;

type Row = readonly [code: string, locale: LocaleDefinition, join: Country['join'], postalCode: string, weight: number];

/** Reads the names from faker's data, in the scripts in which their owners write them. */
export function readCountries(): readonly Country[] {
  const l = allLocales;
  const rows: readonly Row[] = [
    ['US', l.en, givenFirst, '#####', 16],
    ['IN', l.en_IN, givenFirst, '### ###', 10],
    ['CN', l.zh_CN, familyFirstJoined, '######', 9],
    ['JP', l.ja, familyFirst, '###-####', 6],
    ['KR', l.ko, familyFirstJoined, '#####', 4],
    ['DE', l.de, givenFirst, '#####', 7],
    ['FR', l.fr, givenFirst, '#####', 5],
    ['ES', l.es, givenFirst, '#####', 4],
    ['MX', l.es_MX, givenFirst, '#####', 4],
    ['IT', l.it, givenFirst, '#####', 4],
    ['PL', l.pl, givenFirst, '##-###', 4],
    ['CZ', l.cs_CZ, givenFirst, '### ##', 2],
    ['HU', l.hu, familyFirst, '####', 2],
    ['RU', l.ru, givenFirst, '######', 3],
    ['UA', l.uk, givenFirst, '#####', 3],
    ['GR', l.el, givenFirst, '### ##', 2],
    ['TR', l.tr, givenFirst, '#####', 3],
    ['EG', l.ar, givenFirst, '#####', 3],
    ['IL', l.he, givenFirst, '#######', 2],
    ['IR', l.fa, givenFirst, '##########', 2],
    ['TH', l.th, givenFirst, '####0', 2],
    ['VN', l.vi, familyFirst, '######', 2],
    ['ID', l.id_ID, givenFirst, '#####', 2],
    ['NG', l.en_NG, givenFirst, '######', 2],
    ['GE', l.ka_GE, givenFirst, '####', 1],
    ['BR', l.pt_BR, givenFirst, '#####-###', 3],
  ];
  return rows.map(([code, locale, join, postalCode, weight]) => ({
    code,
    givenNames: all(locale.person?.first_name),
    familyNames: all(locale.person?.last_name),
    join,
    cities: allOf(locale.location?.city_name),
    streets: allOf(locale.location?.street_name),
    states: allOf(locale.location?.state),
    postalCode,
    weight,
  }));
}

type Names = NonNullable<LocaleDefinition['person']>['first_name'];

function all(names: Names): readonly string[] {
  const words = [...(names?.generic ?? []), ...(names?.female ?? []), ...(names?.male ?? [])];
  if (words.length === 0) throw new Error('a country has no names');
  return words;
}

function allOf(words: readonly string[] | null | undefined): readonly string[] {
  return words ?? [];
}
