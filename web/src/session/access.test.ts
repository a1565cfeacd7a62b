import { AccessTable } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { createAccess } from './access.ts';

const { ADMIN, EDITOR, VIEWER, UNSPECIFIED } = UserRole;

const table = AccessTable.create({
  methods: [
    { method: '/s/Open', isOpen: true, leastRole: UNSPECIFIED },
    { method: '/s/Read', isOpen: false, leastRole: VIEWER },
    { method: '/s/Write', isOpen: false, leastRole: EDITOR },
    { method: '/s/Rule', isOpen: false, leastRole: ADMIN },
    { method: '/s/Broken', isOpen: false, leastRole: UNSPECIFIED },
  ],
  fields: [
    { field: '*', targetRole: VIEWER, leastRole: EDITOR, needsFreshSignIn: false },
    { field: '*', targetRole: EDITOR, leastRole: EDITOR, needsFreshSignIn: false },
    { field: '*', targetRole: ADMIN, leastRole: ADMIN, needsFreshSignIn: false },
    { field: 'email', targetRole: EDITOR, leastRole: ADMIN, needsFreshSignIn: true },
  ],
});

test.each([
  [ADMIN, ['/s/Open', '/s/Read', '/s/Write', '/s/Rule']],
  [EDITOR, ['/s/Open', '/s/Read', '/s/Write']],
  [VIEWER, ['/s/Open', '/s/Read']],
  [99 as UserRole, ['/s/Open']],
])('role %i may call what the table allows it, and nothing that has no row', (role, allowed) => {
  const access = createAccess(table, role);
  const methods = ['/s/Open', '/s/Read', '/s/Write', '/s/Rule', '/s/Broken', '/s/Unknown'];
  expect(methods.filter(access.may)).toEqual(allowed);
});

test('a field is judged by its own row before the row for all', () => {
  const editor = createAccess(table, EDITOR);
  expect(editor.mayChange('name', EDITOR)).toBe(true);
  expect(editor.mayChange('email', EDITOR)).toBe(false);
  expect(editor.mayChange('email', VIEWER)).toBe(true);
  expect(editor.mayChange('name', ADMIN)).toBe(false);
  expect(createAccess(table, ADMIN).mayChange('email', ADMIN)).toBe(true);
  expect(createAccess(table, VIEWER).mayChange('name', VIEWER)).toBe(false);
  expect(editor.mayChange('name', 99 as UserRole)).toBe(false);
});

test('nobody gives a role above their own', () => {
  const given = (role: UserRole) => [VIEWER, EDITOR, ADMIN].filter(createAccess(table, role).mayGive);
  expect(given(ADMIN)).toEqual([VIEWER, EDITOR, ADMIN]);
  expect(given(EDITOR)).toEqual([VIEWER, EDITOR]);
  expect(given(VIEWER)).toEqual([]);
});
