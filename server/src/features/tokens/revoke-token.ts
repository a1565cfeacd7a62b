import { type RevokeTokenRequest, RevokeTokenResponse } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { recordAccess } from '../../identity/access-events.ts';
import { requireUnchangedRights } from '../../identity/caller-rights.ts';
import { revoke } from '../../identity/revoke.ts';
import { isTokenId } from '../../identity/secrets.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { invalidArgument, notFound } from '../../rpc/rpc-error.ts';
import { readToken } from './token-rows.ts';
import type { TokensParts } from './tokens-parts.ts';

/** Ends a token with those that it has made. Revoking it again changes nothing. */
export function revokeToken({
  database,
  onCommitted,
}: TokensParts): UnaryHandler<RevokeTokenRequest, RevokeTokenResponse> {
  return async ({ id }, { caller, signal, address, requestId }) => {
    if (!isTokenId(id)) throw notTokenId(id);
    await database.transaction(signal, async (connection) => {
      await requireUnchangedRights(connection, caller);
      const token = await readToken(connection, caller, id);
      if (!token) throw notFound('token', 'id');
      const ended = await revoke(connection, { tokenId: id });
      if (ended === 0) return;
      await recordAccess(connection, {
        kind: 'TOKEN_REVOKED',
        actor: caller,
        address,
        ...(token.ownerId !== '' && { userId: token.ownerId }),
        detail: `${token.name} (${id})${ended > 1 ? `, and ${ended - 1} made by it` : ''}`,
        requestId,
      });
    });
    onCommitted();
    return RevokeTokenResponse.create();
  };
}

function notTokenId(id: string) {
  const [description, reason] =
    id === ''
      ? ['Name a token by its id.', 'REQUIRED']
      : ['An id is what stands between ua_ and the next _.', 'ID_INVALID'];
  return invalidArgument([{ field: 'id', description, reason }]);
}
