/** How long what people and programs sign in with is good. Times in milliseconds; the database's clock decides. */
export const lifetimes = {
  /** A session ends when nobody has done anything for so long; an open list is not doing something (ASVS 7.3). */
  sessionIdleMs: 30 * 60_000,
  /** A session ends after so long, whatever happens. */
  sessionMs: 12 * 60 * 60_000,
  /** So long after a proof of who it is, sensitive changes ask for no other. */
  freshMs: 15 * 60_000,
  /** Activity of a session and use of a token are written down once in so long. */
  activityMs: 60_000,
  setupLinkMs: 24 * 60 * 60_000,
  invitationMs: 7 * 24 * 60 * 60_000,
  resetLinkMs: 60 * 60_000,
  /** To answer with a passkey. */
  challengeMs: 5 * 60_000,
  /** To sign in at an OpenID provider, which may ask for more than a password. */
  oidcMs: 15 * 60_000,
  apiTokenMaxMs: 366 * 24 * 60 * 60_000,
} as const;
