import { type PasskeyChallenge, SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { useRef, useState } from 'react';
import { hasPasskeys } from '../../lib/passkeys.ts';
import { useClients } from '../../rpc/clients.tsx';
import { useSession } from '../../session/session-context.tsx';
import { useSignInOptions } from '../../session/sign-in-options.ts';
import type { SignedIn } from '../../session/signed-in.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { PasskeyIcon } from '../../ui/sign-in-icons.tsx';
import { Problem } from './problem.tsx';
import styles from './session-dialogs.module.css';
import { confirmWithPassword, goToProvider } from './sign-in-calls.ts';
import formStyles from './sign-in-form.module.css';
import { usePasskey } from './use-passkey.ts';
import { useWait, waitWords } from './use-wait.ts';
import { CardFailed, CardLoading } from './visitor-states.tsx';

/** Asks, before something that matters, whether it is still the person who signed in. Declining leaves the page as it was. */
export function ConfirmDialog({ signedIn }: { readonly signedIn: SignedIn }) {
  const clients = useClients();
  const session = useSession();
  const passwordRef = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState('');
  /** The password was right; a passkey is asked for beside it. */
  const [challenge, setChallenge] = useState<PasskeyChallenge>();
  const mayUsePasskey = signedIn.passkeyCount > 0 && hasPasskeys();
  const settled = () => session.settleConfirmation(true);

  const passkey = usePasskey(settled, true);
  const attempt = useTask(async () => {
    const outcome = await confirmWithPassword(clients, password);
    if (outcome.kind === 'signed-in') await settled();
    return outcome;
  });
  const error = attempt.error ?? passkey.error;
  const wait = useWait(error);
  const hasOtherWay = signedIn.hasPassword || mayUsePasskey;

  async function submit(): Promise<void> {
    if (wait > 0) return;
    passkey.forgetError();
    const outcome = await attempt.start();
    if (outcome?.kind === 'second-factor') {
      setChallenge(outcome.challenge);
      await passkey.start(outcome.challenge);
    } else if (!outcome) passwordRef.current?.select();
  }

  return (
    <Dialog
      title="Confirm that it is you"
      className={styles.dialog}
      onClose={() => void session.settleConfirmation(false)}
    >
      <div className={styles.body}>
        <p>
          {challenge ? 'Your password is right. Now use your passkey.' : 'What you are about to do asks for it again.'}
        </p>
        <Problem error={error} wait={wait} />
        {mayUsePasskey && (
          <Button
            variant={signedIn.hasPassword && !challenge ? 'secondary' : 'primary'}
            icon={<PasskeyIcon />}
            className={formStyles.wide}
            isBusy={passkey.isRunning}
            data-initial-focus={signedIn.hasPassword ? undefined : true}
            onClick={() => {
              attempt.forgetError();
              void passkey.start(challenge);
            }}
          >
            {passkey.isRunning ? 'Waiting for your passkey' : 'Use a passkey'}
          </Button>
        )}
        {signedIn.hasPassword && !challenge && (
          <>
            {mayUsePasskey && <p className={formStyles.or}>or</p>}
            <form
              className={formStyles.form}
              noValidate
              onSubmit={(event) => {
                event.preventDefault();
                void submit();
              }}
            >
              <input type="text" name="email" autoComplete="username" value={signedIn.user.email} readOnly hidden />
              <PasswordField
                ref={passwordRef}
                label="Password"
                name="password"
                autoComplete="current-password"
                value={password}
                onChange={setPassword}
                data-initial-focus
              />
              <Button
                type="submit"
                variant="primary"
                className={formStyles.wide}
                isBusy={attempt.isRunning}
                disabled={wait > 0}
              >
                {wait > 0 ? `Wait ${waitWords(wait)}` : 'Confirm'}
              </Button>
            </form>
          </>
        )}
        {(signedIn.method === SignInMethod.OIDC || !hasOtherWay) && <ByProvider isOnlyWay={!hasOtherWay} />}
      </div>
    </Dialog>
  );
}

/** The way over the OpenID provider. Where there is no other, it says so while it cannot be gone. */
function ByProvider({ isOnlyWay }: { readonly isOnlyWay: boolean }) {
  const clients = useClients();
  const { data: options, error, isFetching, refetch } = useSignInOptions();
  const provider = useTask(() => goToProvider(clients, location.pathname + location.search, { confirms: true }));
  const wait = useWait(provider.error);
  if (!options) {
    if (!isOnlyWay) return null;
    return error ? (
      <CardFailed error={error} isRetrying={isFetching} onRetry={() => void refetch()} />
    ) : (
      <CardLoading />
    );
  }
  if (options.oidcName === '') {
    return isOnlyWay ? <p>There is no way to confirm it on this page. Sign out and in again, then try anew.</p> : null;
  }
  return (
    <>
      <Problem error={provider.error} wait={wait} />
      <Button
        className={formStyles.wide}
        isBusy={provider.isRunning}
        data-initial-focus={isOnlyWay || undefined}
        onClick={() => void provider.start()}
      >
        Continue with {options.oidcName}
      </Button>
    </>
  );
}
