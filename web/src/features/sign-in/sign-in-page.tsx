import type { GetSignInOptionsResponse } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { useState } from 'react';
import { useHistoryState } from 'wouter/use-browser-location';
import { providerPath, wasLeft, wasPasswordSet } from '../../session/return-path.ts';
import { useSession, useSessionState } from '../../session/session-context.tsx';
import { useSignInOptions } from '../../session/sign-in-options.ts';
import { Notice } from '../../ui/notice.tsx';
import { LostPassword } from './lost-password.tsx';
import { NeedsSetup } from './needs-setup.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { VisitorCard } from './visitor-card.tsx';
import { CardFailed, CardLoading } from './visitor-states.tsx';

/** Signs somebody in. Where they go then, the session's gate sees to: to the place that they came from. */
export function SignInPage() {
  const { data: options, error, isFetching, refetch } = useSignInOptions();
  const [isLost, setLost] = useState(false);
  const [email, setEmail] = useState('');
  if (options?.needsSetup) return <NeedsSetup />;
  const turn = (toLost: boolean) => (typed: string) => {
    setEmail(typed);
    setLost(toLost);
  };
  if (options && isLost) return <LostPassword email={email} onBack={turn(false)} />;
  return (
    <VisitorCard title="Sign in">
      {options && <Form options={options} email={email} onLost={turn(true)} />}
      {!options && error && <CardFailed error={error} isRetrying={isFetching} onRetry={() => void refetch()} />}
      {!options && !error && <CardLoading />}
    </VisitorCard>
  );
}

interface FormProps {
  readonly options: GetSignInOptionsResponse;
  readonly email: string;
  readonly onLost: (email: string) => void;
}

function Form({ options, email, onLost }: FormProps) {
  const session = useSession();
  return (
    <SignInForm
      options={options}
      returnPath={providerPath(useHistoryState())}
      onSignedIn={() => session.signedIn()}
      why={<WhySignIn />}
      email={email}
      onLostPassword={options.sendsMail ? onLost : undefined}
    />
  );
}

function WhySignIn() {
  const state = useSessionState();
  const history = useHistoryState();
  if (wasPasswordSet(history))
    return <Notice tone="good">Your password is set. Sign in with it and your passkey.</Notice>;
  if (wasLeft(history)) return <Notice tone="good">You are signed out.</Notice>;
  if (state.kind === 'signed-out' && state.why === 'ended')
    return <Notice>Your session has ended. Sign in to go on where you were.</Notice>;
  return null;
}
