/** What goes along in the history to the sign-in page. */
export interface SignInState {
  /** The place that one came from. */
  readonly returnPath?: string;
}

/** Reads the place to go to after a sign-in out of the history, where other versions of the page may have put anything. Only places of ours. */
export function readReturnPath(state: unknown): string {
  const path = typeof state === 'object' && state !== null && 'returnPath' in state ? state.returnPath : undefined;
  return typeof path === 'string' && isPlace(path) ? path : '/users';
}

const visitorPaths = /^\/(sign-in|setup|accept|oidc)\b/;

/** `//elsewhere.example` and `/\elsewhere.example` are other hosts to a browser. */
function isPlace(path: string): boolean {
  return /^\/(?![/\\])/.test(path) && !visitorPaths.test(path);
}

/** What goes along to the sign-in page after a new password that nobody is signed in by alone. */
export const passwordSetState = { isPasswordSet: true } as const;

export function wasPasswordSet(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'isPasswordSet' in state && state.isPasswordSet === true;
}

/** Whether the page was loaded anew because somebody signed out. */
export function wasLeft(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'isLeft' in state && state.isLeft === true;
}

/** What goes along to the sign-in page from a place. */
export function returnState({ pathname, search }: Pick<Location, 'pathname' | 'search'>): SignInState {
  return { returnPath: pathname + search };
}
