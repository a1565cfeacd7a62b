import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { AccessRule } from '../rpc/interceptors/authorize.ts';

/** The groups of methods that a token may be made for. */
export const scopes = ['users.read', 'users.write', 'history.read', 'tokens', 'credentials'] as const;

type Scope = (typeof scopes)[number];

const open: AccessRule = { isOpen: true, leastRole: UserRole.UNSPECIFIED, scope: undefined, needsFreshSignIn: false };

/** For whoever has signed in as a person, whatever their role: it concerns only themselves. */
const ownAffair: AccessRule = { isOpen: false, leastRole: UserRole.VIEWER, scope: undefined, needsFreshSignIn: false };

function rule(leastRole: UserRole, scope: Scope, more: Partial<AccessRule> = {}): AccessRule {
  return { isOpen: false, leastRole, scope, needsFreshSignIn: false, ...more };
}

const { ADMIN, EDITOR, VIEWER } = UserRole;
const fresh = { needsFreshSignIn: true };

/**
 * The least that each method asks for. What is asked of the person whom a call is about stands in field-rules.ts. The server does not start with a method that has no
 * row, and refuses one to everybody.
 */
const rules: ReadonlyMap<string, AccessRule> = new Map(
  Object.entries({
    '/userservice.v1.UserService/GetUser': rule(VIEWER, 'users.read'),
    '/userservice.v1.UserService/ListUsers': rule(VIEWER, 'users.read'),
    '/userservice.v1.UserService/CreateUser': rule(EDITOR, 'users.write'),
    '/userservice.v1.UserService/UpdateUser': rule(EDITOR, 'users.write'),
    '/userservice.v1.UserService/DeleteUser': rule(EDITOR, 'users.write'),
    '/userservice.v1.UserService/UndeleteUser': rule(EDITOR, 'users.write'),
    '/userservice.v1.UserService/PurgeUser': rule(ADMIN, 'users.write', fresh),
    '/userservice.v1.UserService/BulkCreateUsers': rule(EDITOR, 'users.write'),
    '/userservice.v1.UserService/SyncUsers': rule(EDITOR, 'users.write'),

    '/roster.sessions.v1.SessionService/GetSignInOptions': open,
    '/roster.sessions.v1.SessionService/SignInWithPassword': open,
    '/roster.sessions.v1.SessionService/BeginPasskeySignIn': open,
    '/roster.sessions.v1.SessionService/FinishPasskeySignIn': open,
    '/roster.sessions.v1.SessionService/BeginOidcSignIn': open,
    '/roster.sessions.v1.SessionService/FinishOidcSignIn': open,
    '/roster.sessions.v1.SessionService/GetSession': rule(VIEWER, 'users.read'),
    '/roster.sessions.v1.SessionService/ConfirmIdentity': ownAffair,
    '/roster.sessions.v1.SessionService/SignOut': ownAffair,
    '/roster.sessions.v1.SessionService/ListSessions': ownAffair,
    '/roster.sessions.v1.SessionService/EndSession': ownAffair,
    '/roster.sessions.v1.SessionService/EndOtherSessions': ownAffair,

    '/roster.credentials.v1.CredentialService/OpenLink': open,
    '/roster.credentials.v1.CredentialService/AcceptLink': open,
    '/roster.credentials.v1.CredentialService/RequestPasswordReset': open,
    '/roster.credentials.v1.CredentialService/CreateLink': rule(EDITOR, 'credentials', fresh),
    '/roster.credentials.v1.CredentialService/BatchGetSignInStates': rule(EDITOR, 'users.read'),
    '/roster.credentials.v1.CredentialService/ChangePassword': { ...ownAffair, ...fresh },
    '/roster.credentials.v1.CredentialService/BeginPasskeyRegistration': { ...ownAffair, ...fresh },
    '/roster.credentials.v1.CredentialService/FinishPasskeyRegistration': { ...ownAffair, ...fresh },
    '/roster.credentials.v1.CredentialService/ListPasskeys': ownAffair,
    '/roster.credentials.v1.CredentialService/RenamePasskey': ownAffair,
    '/roster.credentials.v1.CredentialService/DeletePasskey': { ...ownAffair, ...fresh },

    '/roster.tokens.v1.TokenService/CreateToken': rule(EDITOR, 'tokens', fresh),
    '/roster.tokens.v1.TokenService/ListTokens': rule(EDITOR, 'tokens'),
    '/roster.tokens.v1.TokenService/RevokeToken': rule(EDITOR, 'tokens'),

    '/roster.history.v1.HistoryService/ListUserChanges': rule(EDITOR, 'history.read'),
    '/roster.history.v1.HistoryService/GetUserAsOf': rule(EDITOR, 'history.read'),
    '/roster.history.v1.HistoryService/RevertUserChange': rule(EDITOR, 'users.write'),
    '/roster.history.v1.HistoryService/ListAccessEvents': rule(ADMIN, 'history.read'),
    '/roster.history.v1.HistoryService/ListRefusals': rule(ADMIN, 'history.read'),
  }),
);

/** The whole table, for screens that hide what would be refused. */
export const methodRules: Iterable<readonly [method: string, rule: AccessRule]> = rules;

export function ruleOf(method: string): AccessRule | undefined {
  return rules.get(method);
}

const ranks: Readonly<Record<UserRole, number>> = {
  [UserRole.UNSPECIFIED]: 0,
  [UserRole.VIEWER]: 1,
  [UserRole.EDITOR]: 2,
  [UserRole.ADMIN]: 3,
};

/** The table as the authorize interceptor asks it. */
export const access = { ruleOf, includesRole };

/** Whether a role includes all that `least` may do. A role that this server does not know includes nothing. */
export function includesRole(role: UserRole, least: UserRole): boolean {
  const rank = ranks[role] ?? 0;
  return rank > 0 && rank >= ranks[least];
}
