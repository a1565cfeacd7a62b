import type { AccessEvent } from '@roster/proto/gen/roster/history/v1/history_service';
import type { WordPart } from '../entry/change-words.ts';

/** What each kind of event says after the name of who did it; `of` stands before whom it concerns, where that is another. */
const sentences: Readonly<Record<string, { readonly words: string; readonly of?: string }>> = {
  SIGNED_IN: { words: 'signed in' },
  SIGN_IN_FAILED: { words: 'could not sign in' },
  SIGNED_OUT: { words: 'signed out' },
  SESSION_ENDED: { words: 'ended a session', of: 'of' },
  IDENTITY_CONFIRMED: { words: 'confirmed who they are' },
  SETUP_COMPLETED: { words: 'set Roster up' },
  LINK_CREATED: { words: 'made a link', of: 'for' },
  LINK_ACCEPTED: { words: 'accepted a link', of: 'of' },
  PASSWORD_CHANGED: { words: 'changed a password', of: 'of' },
  PASSKEY_ADDED: { words: 'added a passkey', of: 'for' },
  PASSKEY_RENAMED: { words: 'renamed a passkey', of: 'of' },
  PASSKEY_REMOVED: { words: 'removed a passkey', of: 'of' },
  OIDC_LINKED: { words: 'linked a company account', of: 'of' },
  TOKEN_CREATED: { words: 'made an API token', of: 'for' },
  TOKEN_REVOKED: { words: 'revoked an API token', of: 'of' },
  PURGED: { words: 'erased a person for good' },
  RESTORED: { words: 'restored the store from a backup' },
};

/** The rest of a sentence that begins with the name of the actor. A kind of a newer server is told by its name. */
export function accessWords({ kind, actor, userId, userName }: AccessEvent): readonly WordPart[] {
  const known = sentences[kind];
  const words = known?.words ?? kind.toLowerCase().replaceAll('_', ' ');
  const isOther = userId !== '' && userId !== actor?.id && userName !== '';
  return [
    { kind: 'words', text: words },
    ...(isOther
      ? ([
          { kind: 'words', text: known?.of ?? 'as' },
          { kind: 'whom', text: userName },
        ] as const)
      : []),
  ];
}

/** What calls of the API are called where somebody was refused one, by what they would have done. */
const methodWords: Readonly<Record<string, string>> = {
  GetUser: 'read a person',
  ListUsers: 'list people',
  CreateUser: 'create a person',
  UpdateUser: 'change a person',
  DeleteUser: 'delete a person',
  UndeleteUser: 'restore a person',
  PurgeUser: 'erase a person for good',
  BulkCreateUsers: 'create people in bulk',
  SyncUsers: 'sync people',
  ListUserChanges: 'read the history',
  GetUserAsOf: 'look at a person as of then',
  RevertUserChange: 'take a change back',
  ListAccessEvents: 'read the sign-ins',
  ListRefusals: 'read what was refused',
  CreateLink: 'make a link',
  CreateToken: 'make an API token',
  ListTokens: 'list API tokens',
  RevokeToken: 'revoke an API token',
};

/** What somebody tried, for example "change a person"; a method without words is told by its name. */
export function methodText(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  return methodWords[name] ?? `call ${name}`;
}

const reasonWords: Readonly<Record<string, string>> = {
  ROLE_TOO_LOW: 'their role is too low',
  SCOPE_MISSING: 'the token lacks the scope',
  TARGET_ABOVE_ROLE: 'the person has more rights than they do',
  ROLE_ABOVE_OWN: 'they may not give this role',
  FRESH_SIGN_IN_REQUIRED: 'they had not confirmed who they are',
  RECOVERY_NEEDS_PERSON: 'the person can sign in already, and a program only invites',
  LAST_ADMIN: 'nobody else could administer Roster then',
  SELF_CHANGE_UNCONFIRMED: 'it would have taken rights away from themselves',
  ORIGIN_NOT_ALLOWED: 'the page was not one of ours',
};

/** Why a call was refused, in words; a reason without any is told by its name. */
export function reasonText(reason: string): string {
  return reasonWords[reason] ?? reason.toLowerCase().replaceAll('_', ' ');
}
