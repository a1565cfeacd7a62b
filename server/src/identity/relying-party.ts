import type { CallContext } from '../rpc/context.ts';

/** Whom a passkey is for, as its browser sees it (WebAuthn level 3). */
export interface RelyingParty {
  /** The host name that the call was sent to. A passkey made under one name of a Roster is none under another. */
  readonly id: string;
  /** The page that calls; undefined for a program. Authenticate has judged it. */
  readonly origin: string | undefined;
}

export function relyingPartyOf(context: Pick<CallContext, 'host' | 'header'>): RelyingParty {
  const url = `http://${context.host}`;
  return { id: URL.canParse(url) ? new URL(url).hostname : '', origin: context.header('origin') };
}
