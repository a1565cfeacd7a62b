import { AccessTable } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { createAccess } from '../../../session/access.ts';
import { rightsOver } from './user-rights.ts';

const { ADMIN, EDITOR, VIEWER } = UserRole;

const methods = ['UpdateUser', 'DeleteUser', 'UndeleteUser'].map((name) => `/userservice.v1.UserService/${name}`);
const table = AccessTable.create({
  methods: [...methods, '/roster.credentials.v1.CredentialService/CreateLink'].map((method) => ({
    method,
    leastRole: EDITOR,
  })),
  fields: [VIEWER, EDITOR, ADMIN].flatMap((targetRole) =>
    ['*', 'email', 'role'].map((field) => ({ field, targetRole, leastRole: targetRole === ADMIN ? ADMIN : EDITOR })),
  ),
});

const over = (target: UserRole, own: UserRole) => rightsOver({ role: target }, createAccess(table, own));

test.each([
  [ADMIN, ADMIN, true],
  [EDITOR, ADMIN, false],
  [EDITOR, EDITOR, true],
  [EDITOR, VIEWER, true],
  [VIEWER, VIEWER, false],
])('role %i may do everything to role %i: %s', (own, target, isAllowed) => {
  const rights = over(target, own);
  for (const field of ['name', 'email', 'role', 'state', 'tags[2]', 'address.city', 'metadata.team'])
    expect(rights.mayChange(field), field).toBe(isAllowed);
  expect(rights).toMatchObject({ mayDelete: isAllowed, mayRestore: isAllowed, mayInvite: isAllowed });
  expect(rights.reason === undefined).toBe(isAllowed);
});

test('the reason says whether it is one’s own role or whom one looks at', () => {
  expect(over(ADMIN, EDITOR).reason).toContain('Only admins');
  expect(over(VIEWER, VIEWER).reason).toContain('your role does not let you change them');
});

test('an editor gives no role above their own', () => {
  expect([ADMIN, EDITOR, VIEWER].filter(over(VIEWER, EDITOR).mayGive)).toEqual([EDITOR, VIEWER]);
});
