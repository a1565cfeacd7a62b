import { credentialServiceDefinition } from '@roster/proto/gen/roster/credentials/v1/credential_service.grpc-server';
import { type BoundService, bindService } from '../../rpc/service.ts';
import { acceptLink } from './accept-link.ts';
import { createLinkFor } from './create-link.ts';
import type { CredentialsParts } from './credentials-parts.ts';
import { passkeys } from './passkeys.ts';
import { passwordReset } from './password-reset.ts';
import { passwords } from './passwords.ts';
import { signInStates } from './sign-in-states.ts';

/** roster.credentials.v1.CredentialService. */
export function createCredentialsService(parts: CredentialsParts): BoundService {
  return bindService(credentialServiceDefinition, {
    ...acceptLink(parts),
    ...createLinkFor(parts),
    ...passwordReset(parts),
    ...passwords(parts),
    ...signInStates(parts),
    ...passkeys(parts),
  });
}
