import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { userServiceDefinition } from '@roster/proto/gen/userservice/v1/user_service.grpc-server';
import { expect, test } from 'vitest';
import { access } from '../../rules/access.ts';
import { failureOf } from '../read-failure.ts';
import { operator, startTestServer, userOf } from '../test-server.ts';

const writes = ['CreateUser', 'UpdateUser', 'DeleteUser', 'UndeleteUser', 'BulkCreateUsers', 'SyncUsers'];
const methods = Object.values(userServiceDefinition).map(({ path }) => path);
const matrix = methods.flatMap((method) =>
  [UserRole.UNSPECIFIED, UserRole.ADMIN, UserRole.EDITOR, UserRole.VIEWER, 99].map((role) => ({
    role,
    method,
    isAllowed:
      role === UserRole.ADMIN ||
      role === UserRole.EDITOR ||
      (role === UserRole.VIEWER && !writes.some((name) => method.endsWith(`/${name}`))),
  })),
);

test.each(matrix)('role $role may call $method: $isAllowed', ({ role, method, isAllowed }) => {
  expect(access.allows(role, method)).toBe(isAllowed);
});

test('a method without a row is refused to everybody', () => {
  expect(access.allows(UserRole.ADMIN, '/userservice.v1.UserService/Invented')).toBe(false);
  expect(access.allows(UserRole.ADMIN, 'constructor')).toBe(false);
});

test('a caller whose role is too low is refused before the handler runs', async () => {
  const { client } = await startTestServer(
    { getUser: async ({ id }) => ({ user: userOf(id) }) },
    {
      async authenticate(call, next) {
        call.caller = { ...operator, role: UserRole.VIEWER };
        await next();
      },
    },
  );
  expect((await client.getUser({ id: 'ada' })).response.user?.id).toBe('ada');
  expect(await failureOf(client.deleteUser({ id: 'ada', baseRevision: 0, requestId: '' }))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'ROLE_TOO_LOW',
  });
});

test('a caller whom nobody has authenticated is refused', async () => {
  const { client } = await startTestServer({}, { authenticate: (_call, next) => next() });
  expect((await failureOf(client.getUser({ id: '' }))).code).toBe('PERMISSION_DENIED');
});
