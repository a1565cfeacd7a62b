import { compareCodePoints } from '@roster/proto/fold';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { addressProperty } from '@roster/proto/mask-paths';
import type { Filter, OrderOperator, TextField } from './filter.ts';
import { type FilterSubject, subjectOf } from './filter-subject.ts';
import { patternTest } from './pattern.ts';

export type SubjectPredicate = (subject: FilterSubject) => boolean;

/** Compiles a filter into a test of one user; it answers as the SQL of `filterToSql` does. */
export function filterToPredicate(filter: Filter): (user: User) => boolean {
  const matches = subjectPredicate(filter);
  return (user) => matches(subjectOf(user));
}

/** The same for a user that many filters judge: fold it once with `subjectOf` and hand it to each. */
export function subjectPredicate(filter: Filter): SubjectPredicate {
  switch (filter.kind) {
    case 'all':
      return () => true;
    case 'and': {
      const parts = filter.filters.map(subjectPredicate);
      return (subject) => parts.every((matches) => matches(subject));
    }
    case 'or': {
      const parts = filter.filters.map(subjectPredicate);
      return (subject) => parts.some((matches) => matches(subject));
    }
    case 'not': {
      const matches = subjectPredicate(filter.filter);
      return (subject) => !matches(subject);
    }
    case 'search': {
      const fits = patternTest(filter.pattern);
      return ({ searchKey }) => fits(searchKey);
    }
    case 'text':
      return textPredicate(filter.text, patternTest(filter.pattern));
    case 'text-order': {
      const { operator, value } = filter;
      return textPredicate(filter.text, (text) => isOrdered(compareCodePoints(text, value), operator));
    }
    case 'role':
      return ({ user }) => user.role === filter.role;
    case 'state':
      return ({ user }) => user.state === filter.state;
    case 'time':
      return timePredicate(filter);
    case 'deleted':
      return ({ deletedMs }) => deletedMs !== undefined;
    case 'revision':
      return ({ user }) => isOrdered(user.revision - filter.revision, filter.operator);
    case 'element': {
      const fits = patternTest(filter.pattern);
      return filter.of === 'tags'
        ? ({ user }) => user.tags.some(fits)
        : ({ user }) => Object.keys(user.metadata).some(fits);
    }
  }
}

/** A metadata key that the user lacks fits nothing; an address line that it lacks is the empty one. */
function textPredicate(text: TextField, fits: (text: string) => boolean): SubjectPredicate {
  switch (text.field) {
    case 'id':
      return ({ user }) => fits(user.id);
    case 'name':
      return ({ nameKey }) => fits(nameKey);
    case 'email':
      return ({ emailKey }) => fits(emailKey);
    case 'address': {
      const property = addressProperty(text.line);
      return ({ user }) => fits(user.address?.[property] ?? '');
    }
    case 'metadata':
      return ({ user: { metadata } }) => Object.hasOwn(metadata, text.key) && fits(metadata[text.key] ?? '');
  }
}

function timePredicate({ field, operator, epochMs }: Filter & { readonly kind: 'time' }): SubjectPredicate {
  switch (field) {
    case 'created_at':
      return ({ createdMs }) => isOrdered(createdMs - epochMs, operator);
    case 'updated_at':
      return ({ updatedMs }) => isOrdered(updatedMs - epochMs, operator);
    case 'deleted_at':
      return ({ deletedMs }) => deletedMs !== undefined && isOrdered(deletedMs - epochMs, operator);
  }
}

function isOrdered(difference: number, operator: '=' | OrderOperator): boolean {
  switch (operator) {
    case '=':
      return difference === 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}
