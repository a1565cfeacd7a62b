import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Interceptor, Method } from '../call.ts';
import { permissionDenied } from '../rpc-error.ts';

/** What a method asks of its caller. */
export interface AccessRule {
  /** Anybody may call it, signed in or not. */
  readonly isOpen: boolean;
  readonly leastRole: UserRole;
  /** What a program's token must have been made for; undefined where no program may call. */
  readonly scope: string | undefined;
  /** A person must have proved lately who they are. */
  readonly needsFreshSignIn: boolean;
}

/** The table of who may call what, by full method name. */
export interface Access {
  ruleOf(method: string): AccessRule | undefined;
  includesRole(role: UserRole, least: UserRole): boolean;
}

/** Refuses what the table does not allow: methods without a row, callers that nobody has authenticated, and those who lack role, scope or a fresh sign-in. */
export function createAuthorize({ ruleOf, includesRole }: Access): Interceptor {
  return ({ caller, method }) => {
    const rule = ruleOf(method.path);
    if (rule?.isOpen) return;
    if (!rule || !caller || !includesRole(caller.role, rule.leastRole)) {
      throw permissionDenied('ROLE_TOO_LOW', 'Your role does not allow this.');
    }
    if (caller.sessionId === undefined && (rule.scope === undefined || !caller.scopes?.includes(rule.scope))) {
      const need =
        rule.scope === undefined ? 'Only a person may do this.' : `This token lacks the scope ${rule.scope}.`;
      throw permissionDenied('SCOPE_MISSING', need);
    }
    if (rule.needsFreshSignIn && !caller.isFresh) throw freshSignInRequired();
  };
}

export function freshSignInRequired() {
  return permissionDenied('FRESH_SIGN_IN_REQUIRED', 'Confirm first that it is you.');
}

/** Throws, naming them, if methods have no row. */
export function requireRows({ ruleOf }: Access, methods: readonly Method[]): void {
  const missing = methods.filter(({ path }) => !ruleOf(path)).map(({ path }) => path);
  if (missing.length > 0) throw new Error(`The access table has no row for ${missing.join(', ')}.`);
}
