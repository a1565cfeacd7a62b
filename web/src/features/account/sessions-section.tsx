import { type Session, SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { useQueryClient } from '@tanstack/react-query';
import { countOf } from '../../lib/format-number.ts';
import { timeOf } from '../../lib/time-of.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { problemWords } from '../../session/problem-words.ts';
import { useSignOut } from '../../session/use-sign-out.ts';
import { useTask } from '../../session/use-task.ts';
import { Ask } from '../../ui/ask.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge } from '../../ui/chip.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PageSection } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DeviceIcon, PhoneIcon } from '../../ui/sign-in-icons.tsx';
import { useToasts } from '../../ui/toast-region.tsx';
import styles from './account.module.css';
import { sessionsKey, useSessions } from './account-queries.ts';
import { ReadFailed } from './read-failed.tsx';

/** Where the person is signed in, and how to end that. */
export function SessionsSection() {
  const clients = useClients();
  const cache = useQueryClient();
  const toasts = useToasts();
  const { data: sessions, error, refetch } = useSessions();
  const others = sessions?.filter(({ isCurrent }) => !isCurrent) ?? [];
  const endOthers = useTask(async () => {
    const { endedCount } = await answerOf(clients.of(SessionServiceClient).endOtherSessions({}));
    toasts.confirm(`${countOf(endedCount, 'session is', 'sessions are')} ended`);
    await cache.invalidateQueries({ queryKey: sessionsKey });
  });
  const problem = problemWords(endOthers.error);
  return (
    <PageSection
      title="Sessions"
      description="Where you are signed in. Sign out of what you do not know, and change your password."
    >
      {error && !sessions && <ReadFailed error={error} onRetry={() => void refetch()} />}
      {sessions && (
        <ItemList label="Sessions">
          {sessions.map((session) => (
            <SessionItem key={session.id} session={session} />
          ))}
        </ItemList>
      )}
      {problem && <Notice tone="bad">{problem}</Notice>}
      {others.length > 1 && (
        <div className={styles.row}>
          <Button size="small" isBusy={endOthers.isRunning} onClick={() => void endOthers.start()}>
            Sign out of {countOf(others.length, 'other', 'others')}
          </Button>
        </div>
      )}
    </PageSection>
  );
}

function SessionItem({ session }: { readonly session: Session }) {
  const clients = useClients();
  const cache = useQueryClient();
  const leave = useSignOut();
  const end = useTask(async () => {
    await answerOf(clients.of(SessionServiceClient).endSession({ id: session.id }));
    return cache.invalidateQueries({ queryKey: sessionsKey });
  });
  const problem = problemWords(end.error ?? leave.error);
  return (
    <Item
      icon={/iPhone|Android/.test(session.device) ? <PhoneIcon /> : <DeviceIcon />}
      title={session.device}
      badge={session.isCurrent && <Badge tone="good">This one</Badge>}
      facts={[
        session.address,
        session.isCurrent ? (
          'Active now'
        ) : (
          <span key="active">
            Active <RelativeTime at={timeOf(session.lastActiveAt)} />
          </span>
        ),
        <span key="began">
          {methodWords(session.method)} <RelativeTime at={timeOf(session.createdAt)} />
        </span>,
      ]}
      actions={
        <Button
          size="small"
          variant="quiet"
          isBusy={end.isRunning || leave.isRunning}
          aria-label={session.isCurrent ? 'Sign out here' : `Sign out of ${session.device}, ${session.address}`}
          onClick={() => (session.isCurrent ? leave.start() : void end.start())}
        >
          Sign out
        </Button>
      }
      below={
        (problem !== undefined || leave.isAsking) && (
          <>
            {problem && <Notice tone="bad">{problem}</Notice>}
            {leave.isAsking && (
              <Ask
                question="Sign out and lose what is not saved?"
                action="Sign out"
                isBusy={leave.isRunning}
                onAct={leave.confirm}
                onKeep={leave.decline}
              />
            )}
          </>
        )
      }
    />
  );
}

function methodWords(method: SignInMethod): string {
  switch (method) {
    case SignInMethod.PASSWORD:
      return 'Signed in with a password';
    case SignInMethod.PASSKEY:
      return 'Signed in with a passkey';
    case SignInMethod.PASSWORD_AND_PASSKEY:
      return 'Signed in with password and passkey';
    case SignInMethod.OIDC:
      return 'Signed in at the provider';
    case SignInMethod.LINK:
      return 'Signed in by a link';
    case SignInMethod.UNSPECIFIED:
      return 'Signed in';
  }
}
