import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Interceptor, Method } from '../call.ts';
import { permissionDenied } from '../rpc-error.ts';

/** The table of who may call what, by full method name. */
export interface Access {
  /** Whether the method has a row. */
  knows(method: string): boolean;
  allows(role: UserRole, method: string): boolean;
}

/** Refuses callers whose role may not call the method, and callers that nobody has authenticated. */
export function createAuthorize(access: Access): Interceptor {
  return async (call, next) => {
    if (!call.caller || !access.allows(call.caller.role, call.method.path)) {
      throw permissionDenied('ROLE_TOO_LOW', 'Your role does not allow this.');
    }
    return next();
  };
}

/** Throws, naming them, if methods have no row. */
export function requireRows(access: Access, methods: readonly Method[]): void {
  const missing = methods.filter(({ path }) => !access.knows(path)).map(({ path }) => path);
  if (missing.length > 0) throw new Error(`The access table has no row for ${missing.join(', ')}.`);
}
