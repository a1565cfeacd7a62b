import { SignInState } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { lifetimes } from '../../identity/lifetimes.ts';
import { isLiveLink } from '../../identity/link-store.ts';
import { invalidArgument } from '../../rpc/rpc-error.ts';
import { readUserId } from '../../store/ids.ts';
import { timestampOf } from '../../store/user-row.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

const idsMax = 1000;

interface StateRow {
  readonly id: string;
  readonly has_password: boolean;
  readonly passkeys: number;
  readonly has_oidc: boolean;
  readonly is_invited: boolean;
  readonly signed_in_at: number | null;
  readonly sessions: number;
}

/** How people sign in. */
export function signInStates({ database }: CredentialsParts): CredentialHandlers<'batchGetSignInStates'> {
  return {
    async batchGetSignInStates({ userIds }, context) {
      if (userIds.length > idsMax) {
        const description = `At most ${idsMax} users; there are ${userIds.length}.`;
        throw invalidArgument([{ field: 'user_ids', description, reason: 'TOO_MANY' }]);
      }
      const ids = userIds.map((id, index) => readUserId(id, `user_ids[${index}]`));
      const rows = await database.run(context.signal, (connection) =>
        connection.query<StateRow>(
          `select u.id, exists (select from passwords where user_id = u.id) as has_password,
             (select count(*)::int from passkeys where user_id = u.id) as passkeys,
             exists (select from federated_identities where user_id = u.id) as has_oidc,
             exists (select from one_time_links l where l.user_id = u.id and ${isLiveLink}) as is_invited,
             (select max(at) from access_events where user_id = u.id and kind = 'SIGNED_IN') as signed_in_at,
             (select count(*)::int from sessions where user_id = u.id and ended_at is null and expires_at > now()
                and last_active_at > now() - $2 * interval '1 ms') as sessions
           from unnest($1::uuid[]) with ordinality as wanted(id, place) join users u using (id) order by wanted.place`,
          [ids, lifetimes.sessionIdleMs],
        ),
      );
      return { states: rows.map(stateFromRow) };
    },
  };
}

function stateFromRow(row: StateRow): SignInState {
  return SignInState.create({
    userId: row.id,
    hasPassword: row.has_password,
    passkeyCount: row.passkeys,
    hasOidc: row.has_oidc,
    isInvited: row.is_invited,
    ...(row.signed_in_at !== null && { lastSignedInAt: timestampOf(row.signed_in_at) }),
    sessionCount: row.sessions,
  });
}
