/** What goes along in the history to the sign-in page. */
export interface SignInState {
  /** The place that one came from. */
  readonly returnPath?: string;
  /** Who was there; undefined where nobody was signed in. It is nobody else's place. */
  readonly personId?: string | undefined;
}

const defaultPath = '/users';

/** Reads the place to go to after a sign-in out of the history, where other versions of the page may have put anything. Only places of ours, and of `personId`. */
export function readReturnPath(state: unknown, personId: string | undefined): string {
  const owner = textIn(state, 'personId');
  return owner === undefined || owner === personId ? placeIn(state) : defaultPath;
}

/** The same place for the way over the provider, which leaves the page: it says itself whose it is. */
export function providerPath(state: unknown): string {
  const owner = textIn(state, 'personId');
  return owner === undefined ? placeIn(state) : `${placeIn(state)}#${owner}`;
}

/** Reads what `providerPath` has made. */
export function readProviderPath(path: string): SignInState {
  const [returnPath = '', personId] = path.split('#');
  return { returnPath, personId };
}

function placeIn(state: unknown): string {
  const path = textIn(state, 'returnPath');
  return path !== undefined && isPlace(path) ? path : defaultPath;
}

function textIn(state: unknown, name: keyof SignInState): string | undefined {
  const value = typeof state === 'object' && state !== null ? (state as SignInState)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
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

/** What goes along to the sign-in page from a place, and from who was there. */
export function returnState(
  { pathname, search }: Pick<Location, 'pathname' | 'search'>,
  personId: string | undefined,
): SignInState {
  return { returnPath: pathname + search, personId };
}
