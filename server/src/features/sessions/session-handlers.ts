import type { ISessionService } from '@roster/proto/gen/roster/sessions/v1/session_service.grpc-server';
import type { Handlers } from '../../rpc/service.ts';

/** Some of the service's handlers; each file makes those of one idea. */
export type SessionHandlers<Name extends keyof Handlers<ISessionService>> = Pick<Handlers<ISessionService>, Name>;
