import { type ListTokensRequest, ListTokensResponse } from '@roster/proto/gen/roster/tokens/v1/token_service';
import type { UnaryHandler } from '../../rpc/context.ts';
import { readTokens } from './token-rows.ts';
import type { TokensParts } from './tokens-parts.ts';

export function listTokens({ database }: TokensParts): UnaryHandler<ListTokensRequest, ListTokensResponse> {
  return async ({ showEnded }, { caller, signal }) => {
    const tokens = await database.run(signal, (connection) => readTokens(connection, caller, showEnded));
    return ListTokensResponse.create({ tokens });
  };
}
