import { tokenServiceDefinition } from '@roster/proto/gen/roster/tokens/v1/token_service.grpc-server';
import { type BoundService, bindService } from '../../rpc/service.ts';
import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { revokeToken } from './revoke-token.ts';
import type { TokensParts } from './tokens-parts.ts';

/** roster.tokens.v1.TokenService. */
export function createTokensService(parts: TokensParts): BoundService {
  return bindService(tokenServiceDefinition, {
    createToken: createToken(parts),
    listTokens: listTokens(parts),
    revokeToken: revokeToken(parts),
  });
}
