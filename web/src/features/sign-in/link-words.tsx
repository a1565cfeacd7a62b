import { LinkPurpose, type OpenLinkResponse } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import type { ReactNode } from 'react';
import { formatMoment } from '../../lib/format-time.ts';
import { timeOf } from '../../lib/time-of.ts';

/** What a link is for. */
export function linkTitle({ purpose }: OpenLinkResponse): string {
  switch (purpose) {
    case LinkPurpose.SETUP:
      return 'Set up Roster';
    case LinkPurpose.INVITATION:
      return 'Welcome to Roster';
    case LinkPurpose.PASSWORD_RESET:
    case LinkPurpose.RECOVERY:
    case LinkPurpose.UNSPECIFIED:
      return 'Set a new password';
  }
}

export function linkWords({ purpose, name, email }: OpenLinkResponse): ReactNode {
  const who = (
    <>
      <bdi>{name}</bdi>, <bdi>{email}</bdi>
    </>
  );
  switch (purpose) {
    case LinkPurpose.SETUP:
      return 'Make the first admin: the person who lets all others in.';
    case LinkPurpose.INVITATION:
      return <>You are invited as {who}. Choose a password to sign in with.</>;
    case LinkPurpose.RECOVERY:
      return <>For {who}. Passkeys of before are removed, and all sessions end.</>;
    case LinkPurpose.PASSWORD_RESET:
    case LinkPurpose.UNSPECIFIED:
      return <>For {who}. All other sessions end.</>;
  }
}

export function linkFoot({ expiresAt }: OpenLinkResponse): ReactNode {
  const at = timeOf(expiresAt);
  return at === undefined ? 'This link works once.' : `This link works once, until ${formatMoment(at)}.`;
}
