import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { Filter } from '../filter/filter.ts';

/** Which users a list shows. Lists with equal keys show the same ones and share all work. */
export interface Scope {
  readonly key: string;
  /** Deleted users are among them. */
  readonly showsDeleted: boolean;
  /** The same condition as `matches`, for the index of all scopes. */
  readonly filter: Filter;
  matches(user: User): boolean;
  /** The same condition over `users u`; pushes its values to `parameters`. */
  toSql(parameters: unknown[]): string;
}
