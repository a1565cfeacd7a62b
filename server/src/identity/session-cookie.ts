import { createHash } from 'node:crypto';
import { lifetimes } from './lifetimes.ts';
import { isSecret } from './secrets.ts';

/** Reads and writes a cookie of one store that holds a secret: the session's, or one like it. */
export interface SessionCookie {
  readonly name: string;
  /**
   * The secret in a `cookie` header; undefined where there is none. Fails closed: a doubled cookie, or one that is no secret of ours, is as good as none.
   */
  read(header: string | undefined): string | undefined;
  /** The `set-cookie` that hands the secret to the browser, which keeps the session's until it is closed. */
  set(secret: string): string;
  readonly clear: string;
}

/** `storeId`: cookies ignore ports, so that two Rosters of one host would otherwise overwrite each other's. */
export function createSessionCookie(storeId: string): SessionCookie {
  return createCookie(`roster-${markOf(storeId)}`, '');
}

/** Marks the browser that has begun to sign in elsewhere, for as long as that may take: nobody else can end what it began. */
export function createOidcCookie(storeId: string): SessionCookie {
  return createCookie(`roster-oidc-${markOf(storeId)}`, `; Max-Age=${lifetimes.oidcMs / 1000}`);
}

function createCookie(plainName: string, age: string): SessionCookie {
  // The prefix makes browsers refuse it without Secure, with a Domain, or for another path: a sibling host cannot plant one.
  const name = `__Host-${plainName}`;
  const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
  return {
    name,
    read(header) {
      const values = (header ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`))
        .map((pair) => pair.slice(name.length + 1));
      const [value] = values;
      return values.length === 1 && value !== undefined && isSecret(value) ? value : undefined;
    },
    set: (secret) => `${name}=${secret}; ${attributes}${age}`,
    clear: `${name}=; ${attributes}; Max-Age=0`,
  };
}

function markOf(storeId: string): string {
  return createHash('sha256').update(storeId).digest('hex').slice(0, 8);
}
