import type { User } from '@roster/proto/gen/userservice/v1/user';

/** Which users a list shows. Lists with equal keys show the same ones and share all work. */
export interface Scope {
  readonly key: string;
  matches(user: User): boolean;
  /** The same condition over `users u`; pushes its values to `parameters`. */
  toSql(parameters: unknown[]): string;
}
