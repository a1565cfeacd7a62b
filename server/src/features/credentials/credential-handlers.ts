import type { ICredentialService } from '@roster/proto/gen/roster/credentials/v1/credential_service.grpc-server';
import type { Handlers } from '../../rpc/service.ts';

/** Some of the service's handlers; each file makes those of one idea. */
export type CredentialHandlers<Name extends keyof Handlers<ICredentialService>> = Pick<
  Handlers<ICredentialService>,
  Name
>;
