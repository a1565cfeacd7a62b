import { foldKey } from '@roster/proto/fold';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';

/** A user as filters see it. Its folded keys are made when a filter first asks, once for all filters. */
export interface FilterSubject {
  readonly user: User;
  readonly nameKey: string;
  readonly emailKey: string;
  readonly searchKey: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly deletedMs: number | undefined;
}

export function subjectOf(user: User): FilterSubject {
  let nameKey: string | undefined;
  let emailKey: string | undefined;
  let searchKey: string | undefined;
  return {
    user,
    get nameKey() {
      nameKey ??= foldKey(user.name);
      return nameKey;
    },
    get emailKey() {
      emailKey ??= foldKey(user.email);
      return emailKey;
    },
    get searchKey() {
      searchKey ??= `${this.nameKey}\n${this.emailKey}\n${user.id}`;
      return searchKey;
    },
    createdMs: epochMs(user.createdAt),
    updatedMs: epochMs(user.updatedAt),
    deletedMs: user.deletedAt && epochMs(user.deletedAt),
  };
}
