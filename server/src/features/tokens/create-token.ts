import { type CreateTokenRequest, CreateTokenResponse } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { recordAccess } from '../../identity/access-events.ts';
import { holdRights } from '../../identity/caller-rights.ts';
import { createToken as insertToken } from '../../identity/token-store.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { resourceExhausted } from '../../rpc/rpc-error.ts';
import { readNewToken } from './read-token-request.ts';
import { countTokens, readToken, tokensMax } from './token-rows.ts';
import type { TokensParts } from './tokens-parts.ts';

/** Whoever makes a token owns it; one that is made by a program belongs to whomever that belongs to, and ends with that program's. */
export function createToken({ database, clock }: TokensParts): UnaryHandler<CreateTokenRequest, CreateTokenResponse> {
  return async (request, { caller, signal, address, requestId }) => {
    const wanted = readNewToken(request, caller, clock());
    return database.transaction(signal, async (connection) => {
      await holdRights(connection, caller);
      if ((await countTokens(connection, caller.userId)) >= tokensMax) throw tooManyTokens();
      const { id, text } = await insertToken(connection, {
        ...wanted,
        ownerId: caller.userId,
        parentId: caller.tokenId,
      });
      await recordAccess(connection, {
        kind: 'TOKEN_CREATED',
        actor: caller,
        address,
        ...(caller.userId !== undefined && { userId: caller.userId }),
        detail: `${wanted.name} (${id}), ${UserRole[wanted.role]}, ${wanted.scopes.join(' ')}, until ${wanted.expiresAt.toISOString()}`,
        requestId,
      });
      const token = await readToken(connection, { ...caller, tokenId: id }, id);
      return CreateTokenResponse.create({ ...(token && { token }), secret: text });
    });
  };
}

function tooManyTokens() {
  return resourceExhausted(
    'TOO_MANY_TOKENS',
    `At most ${tokensMax} tokens may be good at one time. Revoke some first.`,
  );
}
