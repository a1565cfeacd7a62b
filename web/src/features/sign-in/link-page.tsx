import { LinkPurpose, type OpenLinkResponse } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { hasPasskeys } from '../../lib/passkeys.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import type { AppError } from '../../rpc/app-error.ts';
import { useClients } from '../../rpc/clients.tsx';
import { retryUnreachable } from '../../rpc/retry.ts';
import { useArrival } from '../../session/arrival-context.tsx';
import { useSession } from '../../session/session-context.tsx';
import { useSignInOptions } from '../../session/sign-in-options.ts';
import { AcceptForm } from './accept-form.tsx';
import { FirstPasskey } from './first-passkey.tsx';
import { isDeadLink } from './is-dead-link.ts';
import { linkFoot, linkTitle, linkWords } from './link-words.tsx';
import { PasswordSet } from './password-set.tsx';
import { SetupCommands } from './setup-commands.tsx';
import { SetupForm } from './setup-form.tsx';
import styles from './sign-in-form.module.css';
import { VisitorCard } from './visitor-card.tsx';
import { CardFailed, CardLoading } from './visitor-states.tsx';

export interface LinkPageProps {
  /** The page of the set-up; else that of invitations and new passwords. */
  readonly isSetup: boolean;
  readonly onDone: () => void;
}

/** Uses a one-time link: says what it is for, and takes what it asks for. Its secret is nowhere but in this page's memory. */
export function LinkPage({ isSetup, onDone }: LinkPageProps) {
  const [arrival] = useArrival();
  const [outcome, setOutcome] = useState<'signed-in' | 'password-set'>();
  if (outcome === 'signed-in') return <FirstPasskey onDone={onDone} />;
  if (outcome === 'password-set') return <PasswordSet />;
  if (arrival?.kind !== 'link') return <NoLink isSetup={isSetup} />;
  return (
    <OpenedLink
      key={arrival.secret}
      secret={arrival.secret}
      isSetup={isSetup}
      onAccepted={(purpose) => {
        if (purpose === LinkPurpose.PASSWORD_RESET || !hasPasskeys()) onDone();
        else setOutcome('signed-in');
      }}
      onPasswordSet={() => setOutcome('password-set')}
    />
  );
}

function OpenedLink(props: {
  readonly secret: string;
  readonly isSetup: boolean;
  readonly onAccepted: (purpose: LinkPurpose) => void;
  /** The password is set, but nobody is signed in by it alone. */
  readonly onPasswordSet: () => void;
}) {
  const { secret, isSetup, onAccepted, onPasswordSet } = props;
  const clients = useClients();
  const session = useSession();
  const [, forget] = useArrival();
  const options = useSignInOptions();
  const link = useQuery<OpenLinkResponse, AppError>({
    queryKey: ['link', secret],
    queryFn: ({ signal }) => answerOf(clients.of(CredentialServiceClient).openLink({ secret }, { abort: signal })),
    ...retryUnreachable,
    refetchOnWindowFocus: false,
  });
  const error = link.error ?? options.error;
  if (isDeadLink(error)) return <DeadLink isSetup={isSetup} />;
  if (!link.data || !options.data) {
    return (
      <VisitorCard title={isSetup ? 'Set up Roster' : 'Your link'}>
        {error ? (
          <CardFailed
            error={error}
            isRetrying={link.isFetching || options.isFetching}
            onRetry={() => {
              void link.refetch();
              void options.refetch();
            }}
          />
        ) : (
          <CardLoading />
        )}
      </VisitorCard>
    );
  }
  const { purpose } = link.data;
  const parts = {
    secret,
    options: options.data,
    onDead: () => void link.refetch(),
    async onAccepted(isSignedIn: boolean) {
      // Without a session of theirs the browser may have one of somebody else, and not their own of before, which has ended.
      if (isSignedIn) await session.signedIn('/users');
      else await session.refresh();
      forget();
      if (isSignedIn) onAccepted(purpose);
      else onPasswordSet();
    },
  };
  return (
    <VisitorCard title={linkTitle(link.data)} words={linkWords(link.data)} foot={linkFoot(link.data)}>
      {purpose === LinkPurpose.SETUP ? <SetupForm {...parts} /> : <AcceptForm {...parts} link={link.data} />}
    </VisitorCard>
  );
}

/** It was used, has been replaced, or is too old; the server does not say which, for nobody is to learn it by trying. */
function DeadLink({ isSetup }: { readonly isSetup: boolean }) {
  return (
    <VisitorCard
      title="This link does not work any more"
      words="It was used already, a newer one has taken its place, or its time is over."
    >
      {isSetup ? (
        <>
          <p>
            If Roster has an admin by now, <SignInLink>sign in</SignInLink>. If not, print a new link on the machine
            that runs it:
          </p>
          <SetupCommands />
        </>
      ) : (
        <p>
          If you have used it before, <SignInLink>sign in</SignInLink> with what you have set. If not, ask whoever sent
          it to you for a new one.
        </p>
      )}
    </VisitorCard>
  );
}

/** The page was opened without a link, or loaded anew: then the secret is gone, as it must be. */
function NoLink({ isSetup }: { readonly isSetup: boolean }) {
  return (
    <VisitorCard
      title="Open your link again"
      words="This page keeps a link only until it is left or loaded anew, so that nobody finds it here."
    >
      <p>
        Follow the link {isSetup ? 'that Roster has printed' : 'that you were given'} once more: it still works if it
        was not used. Or <SignInLink>sign in</SignInLink>.
      </p>
    </VisitorCard>
  );
}

function SignInLink({ children }: { readonly children: string }) {
  return (
    <Link href="/sign-in" className={styles.inline}>
      {children}
    </Link>
  );
}
