import { User } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import type { Filter } from './filter.ts';
import { subjectOf } from './filter-subject.ts';
import { containing } from './pattern.ts';
import { createTextIndex } from './text-index.ts';

function named(text: string): Filter {
  return { kind: 'text', text: { field: 'name' }, pattern: containing([text]) };
}

test.each([
  ['begin', (number: number) => `team-${number}`],
  ['end', (number: number) => `${number}@people.example`],
  ['begin and end', (number: number) => `team-${number}@people.example`],
])('of a thousand texts that %s alike, a name has few looked at, and the right one among them', (_how, textOf) => {
  const index = createTextIndex<number>();
  for (let number = 0; number < 1000; number += 1) index.add([named(textOf(number))], number);
  for (const number of [7, 42, 123, 999]) {
    const found: number[] = [];
    index.match(subjectOf(User.create({ name: textOf(number) })), (part) => found.push(part));
    expect(found).toContain(number);
    expect(found.length).toBeLessThan(100);
  }
});
