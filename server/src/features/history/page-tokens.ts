import { invalidArgument } from '../../rpc/rpc-error.ts';
import type { TokenSealer } from '../../watch/sealed-token.ts';

/** The page tokens of one list: each holds the place after which the next page begins, and is good for the same filter only. */
export interface PageTokens<Place extends readonly unknown[]> {
  seal(query: string, place: Place): string;
  /** Undefined for the first page. A token that was altered, or made for another list or filter, is INVALID_ARGUMENT. */
  open(query: string, token: string): Place | undefined;
}

/** `purpose` keeps the tokens of one list from being read by another; `isPlace` knows what this one sealed. */
export function createPageTokens<Place extends readonly unknown[]>(
  sealer: TokenSealer,
  purpose: string,
  isPlace: (value: readonly unknown[]) => value is Place,
): PageTokens<Place> {
  return {
    seal: (query, place) => sealer.seal(purpose, [query, ...place]),
    open(query, token) {
      if (token === '') return undefined;
      const payload = sealer.open(purpose, token);
      if (!Array.isArray(payload)) {
        throw invalidToken('This is no page token of this list.', 'PAGE_TOKEN_INVALID');
      }
      const [sealedQuery, ...place] = payload;
      if (sealedQuery !== query || !isPlace(place)) {
        throw invalidToken('This page token belongs to another filter.', 'PAGE_TOKEN_OTHER_QUERY');
      }
      return place;
    },
  };
}

function invalidToken(description: string, reason: string) {
  return invalidArgument([{ field: 'page_token', description, reason }]);
}
