import { useState } from 'react';
import { providerPath, returnState } from '../../session/return-path.ts';
import { useSession } from '../../session/session-context.tsx';
import { useSignInOptions } from '../../session/sign-in-options.ts';
import type { SignedIn } from '../../session/signed-in.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './session-dialogs.module.css';
import { SignInForm } from './sign-in-form.tsx';
import { CardFailed, CardLoading } from './visitor-states.tsx';

/** Signs the person in again over the page, whose work is kept beneath, unseen. */
export function SignInAgainDialog(props: { readonly signedIn: SignedIn; readonly isStanding: boolean }) {
  const { signedIn, isStanding } = props;
  const session = useSession();
  const { data: options, error, isFetching, refetch } = useSignInOptions();
  const [isLeaving, setLeaving] = useState(false);
  return (
    <Dialog
      title={isStanding ? 'Sign in again' : 'Your session has ended'}
      className={styles.dialog}
      onClose={isStanding ? () => session.resume() : undefined}
    >
      <div className={styles.body}>
        <p>
          {isStanding
            ? 'Then you have twelve hours more. What you have typed is kept.'
            : 'Sign in to go on where you were. What you have typed is kept.'}
        </p>
        {options && (
          <SignInForm
            options={options}
            email={signedIn.user.email}
            returnPath={providerPath(returnState(location, signedIn.user.id))}
            onSignedIn={() => session.signedIn()}
          />
        )}
        {!options && error && <CardFailed error={error} isRetrying={isFetching} onRetry={() => void refetch()} />}
        {!options && !error && <CardLoading />}
        {!isStanding && (
          <div className={styles.foot}>
            {isLeaving ? (
              <>
                <Button variant="quiet" autoFocus onClick={() => setLeaving(false)}>
                  Keep it
                </Button>
                <Button variant="danger" onClick={() => session.abandon()}>
                  Leave without saving
                </Button>
              </>
            ) : (
              <Button variant="quiet" onClick={() => setLeaving(true)}>
                Leave instead
              </Button>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}
