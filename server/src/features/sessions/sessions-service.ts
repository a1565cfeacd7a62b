import { sessionServiceDefinition } from '@roster/proto/gen/roster/sessions/v1/session_service.grpc-server';
import { type BoundService, bindService } from '../../rpc/service.ts';
import { currentSession } from './current-session.ts';
import { oidcSignIn } from './oidc-sign-in.ts';
import { ownSessions } from './own-sessions.ts';
import { passkeySignIn } from './passkey-sign-in.ts';
import { passwordSignIn } from './password-sign-in.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** roster.sessions.v1.SessionService. */
export function createSessionsService(parts: SessionsParts): BoundService {
  return bindService(sessionServiceDefinition, {
    ...passwordSignIn(parts),
    ...passkeySignIn(parts),
    ...oidcSignIn(parts),
    ...currentSession(parts),
    ...ownSessions(parts),
  });
}
