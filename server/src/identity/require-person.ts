import type { Caller } from '../rpc/context.ts';
import { permissionDenied } from '../rpc/rpc-error.ts';

/** A caller who has signed in. */
export interface Person {
  readonly userId: string;
  readonly sessionId: string;
}

/** PERMISSION_DENIED, SCOPE_MISSING, for a program: what is a person's own affair. The table of methods refuses them before. */
export function requirePerson({ userId, sessionId }: Caller): Person {
  if (userId !== undefined && sessionId !== undefined) return { userId, sessionId };
  throw permissionDenied('SCOPE_MISSING', 'Only a person may do this.');
}
