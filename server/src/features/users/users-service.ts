import { userServiceDefinition } from '@roster/proto/gen/userservice/v1/user_service.grpc-server';
import { type BoundService, bindService } from '../../rpc/service.ts';
import { bulkCreateUsers } from './bulk-create-users.ts';
import { createUser } from './create-user.ts';
import { deleteUser } from './delete-user.ts';
import { getUser } from './get-user.ts';
import { type ListParts, listUsers } from './list-users.ts';
import { purgeUser } from './purge-user.ts';
import { syncUsers } from './sync-users.ts';
import { undeleteUser } from './undelete-user.ts';
import { updateUser } from './update-user.ts';
import type { UsersParts } from './users-parts.ts';

/** userservice.v1.UserService. */
export function createUsersService(parts: UsersParts & ListParts): BoundService {
  return bindService(userServiceDefinition, {
    getUser: getUser(parts),
    createUser: createUser(parts),
    updateUser: updateUser(parts),
    deleteUser: deleteUser(parts),
    undeleteUser: undeleteUser(parts),
    purgeUser: purgeUser(parts),
    listUsers: listUsers(parts),
    bulkCreateUsers: bulkCreateUsers(parts),
    syncUsers: syncUsers(parts),
  });
}
