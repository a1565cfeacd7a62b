import type { GetSignInOptionsResponse, PasskeyChallenge } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { type ReactNode, useRef, useState } from 'react';
import { hasPasskeys } from '../../lib/passkeys.ts';
import { useClients } from '../../rpc/clients.tsx';
import { problemWords } from '../../session/problem-words.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { PasskeyIcon } from '../../ui/sign-in-icons.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Problem } from './problem.tsx';
import { goToProvider, signInWithPassword } from './sign-in-calls.ts';
import styles from './sign-in-form.module.css';
import { useOfferedPasskey } from './use-offered-passkey.ts';
import { usePasskey } from './use-passkey.ts';
import { useWait, waitWords } from './use-wait.ts';

export interface SignInFormProps {
  readonly options: GetSignInOptionsResponse;
  /** Whose sign-in is expected. */
  readonly email?: string;
  /** Where the way over the OpenID provider leads back to. */
  readonly returnPath: string;
  /** The browser has a session now. */
  readonly onSignedIn: () => Promise<void>;
  /** Says why somebody is asked, until they have begun. */
  readonly why?: ReactNode;
  /** Is told what was typed as the email. Without it nothing is offered to whoever has lost their password. */
  readonly onLostPassword?: ((email: string) => void) | undefined;
}

/** All ways in: email and password, a passkey, the OpenID provider. */
export function SignInForm({
  options,
  email: known = '',
  returnPath,
  onSignedIn,
  why,
  onLostPassword,
}: SignInFormProps) {
  const clients = useClients();
  const passwordRef = useRef<HTMLInputElement>(null);
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState<PasskeyChallenge>();
  const [offered, setOffered] = useState<unknown>();

  const passkey = usePasskey(onSignedIn);
  const attempt = useTask(async () => {
    const outcome = await signInWithPassword(clients, email, password);
    if (outcome.kind === 'signed-in') await onSignedIn();
    return outcome;
  });
  const provider = useTask(() => goToProvider(clients, returnPath));
  const isAsking = passkey.isRunning || attempt.isRunning || provider.isRunning;
  const error = attempt.error ?? passkey.error ?? provider.error ?? offered;
  const wait = useWait(error);
  const isPicked = useOfferedPasskey(!isAsking && !challenge && wait === 0, onSignedIn, setOffered);
  const isSigningIn = attempt.isRunning || isPicked;

  function forget(): void {
    for (const task of [attempt, passkey, provider]) task.forgetError();
    setOffered(undefined);
  }
  async function submit(): Promise<void> {
    if (isAsking || isPicked || wait > 0) return;
    forget();
    const outcome = await attempt.start();
    if (outcome?.kind === 'second-factor') {
      setChallenge(outcome.challenge);
      await passkey.start(outcome.challenge);
    } else if (!outcome) passwordRef.current?.select();
  }

  if (challenge) {
    return (
      <SecondFactor
        isBusy={passkey.isRunning}
        words={problemWords(passkey.error)}
        onUse={() => void passkey.start(challenge)}
        onBack={() => {
          passkey.stop();
          forget();
          setChallenge(undefined);
          setPassword('');
        }}
      />
    );
  }
  return (
    <>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {error ? <Problem error={error} wait={wait} /> : why}
        <TextField
          label="Email"
          type="email"
          name="email"
          inputMode="email"
          autoComplete="username webauthn"
          autoCapitalize="off"
          value={email}
          onChange={setEmail}
          autoFocus={known === ''}
        />
        <PasswordField
          ref={passwordRef}
          label="Password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          autoFocus={known !== ''}
          data-initial-focus={known === '' ? undefined : true}
          note={
            onLostPassword && (
              <button type="button" className={styles.link} onClick={() => onLostPassword(email)}>
                Lost it?
              </button>
            )
          }
        />
        <Button type="submit" variant="primary" className={styles.wide} isBusy={isSigningIn} disabled={wait > 0}>
          {wait > 0 ? `Wait ${waitWords(wait)}` : isSigningIn ? 'Signing in' : 'Sign in'}
        </Button>
      </form>
      {(hasPasskeys() || options.oidcName !== '') && (
        <div className={styles.others}>
          <p className={styles.or}>or</p>
          {hasPasskeys() && (
            <Button
              icon={<PasskeyIcon />}
              className={styles.wide}
              isBusy={passkey.isRunning || isPicked}
              disabled={wait > 0}
              onClick={() => {
                forget();
                void passkey.start();
              }}
            >
              {passkey.isRunning ? 'Waiting for your passkey' : 'Sign in with a passkey'}
            </Button>
          )}
          {options.oidcName !== '' && (
            <Button
              className={styles.wide}
              isBusy={provider.isRunning || isPicked}
              onClick={() => {
                forget();
                void provider.start();
              }}
            >
              Continue with {options.oidcName}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function SecondFactor(props: {
  readonly isBusy: boolean;
  readonly words: string | undefined;
  readonly onUse: () => void;
  readonly onBack: () => void;
}) {
  return (
    <div className={styles.form}>
      {props.words && <Notice tone="bad">{props.words}</Notice>}
      <p className={styles.step} role="status">
        Your password is right. Now use your passkey to go on.
      </p>
      <Button
        variant="primary"
        icon={<PasskeyIcon />}
        className={styles.wide}
        isBusy={props.isBusy}
        onClick={props.onUse}
        autoFocus
      >
        {props.isBusy ? 'Waiting for your passkey' : 'Use the passkey'}
      </Button>
      <Button variant="quiet" className={styles.wide} onClick={props.onBack}>
        Back
      </Button>
    </div>
  );
}
