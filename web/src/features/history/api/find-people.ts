import type { User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { timing } from '@roster/proto/timing';
import { queryOptions } from '@tanstack/react-query';
import type { AppError } from '../../../rpc/app-error.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { retryUnreachable } from '../../../rpc/retry.ts';
import { isCancel } from '../../../rpc/rpc-failure.ts';
import { toAppError } from '../../../rpc/to-app-error.ts';

/** A few people in whose name, email or id all these words are found, deleted ones too: the history knows them. */
export function peopleQuery(clients: Clients, text: string) {
  return queryOptions<readonly User[], AppError>({
    queryKey: ['people', text],
    queryFn: async ({ signal }) => {
      const filter = text
        .split(/\s+/u)
        .filter((word) => word !== '')
        .map((word) => `"${word.replace(/["\\*]/gu, '\\$&')}"`)
        .join(' ');
      const request = ListUsersRequest.create({ filter, pageSize: 8, showDeleted: true, orderBy: 'name' });
      try {
        const people: User[] = [];
        const call = clients.users.listUsers(request, { abort: signal, timeout: timing.unaryDeadlineMs });
        for await (const user of call.responses) people.push(user);
        return people;
      } catch (thrown) {
        throw isCancel(thrown) ? thrown : toAppError(thrown);
      }
    },
    staleTime: 10_000,
    ...{ structuralSharing: false, ...retryUnreachable },
  });
}
