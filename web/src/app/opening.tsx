import { useNow } from '../lib/clock.ts';
import { useTitle } from '../lib/use-title.ts';
import type { AppError } from '../rpc/app-error.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { OfflineIcon, WarningIcon } from '../ui/icons.tsx';
import { ErrorState } from '../ui/state-message.tsx';
import styles from './opening.module.css';

/** Nothing yet, and words for it only where it takes long. */
export function Opening() {
  return (
    <p role="status" className={styles.opening}>
      Opening Roster
    </p>
  );
}

/** It could not be found out who is signed in. */
export function OpeningFailed({ error, retryAt }: { readonly error: AppError; readonly retryAt: number }) {
  const session = useSession();
  const now = useNow(500);
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  const isAway = error.kind === 'unreachable' || error.kind === 'timeout';
  const away = error.kind === 'timeout' ? 'The server took too long' : 'The server cannot be reached';
  useTitle('Not reached');
  return (
    <div className={styles.failed}>
      <ErrorState
        icon={isAway ? <OfflineIcon /> : <WarningIcon />}
        title={isAway ? away : 'Roster could not be opened'}
        requestId={error.requestId}
        actions={<Button onClick={() => void session.refresh()}>Try now</Button>}
      >
        <p>{isAway ? 'Nothing is lost. This page opens as soon as the server answers.' : error.message}</p>
        <p aria-hidden="true">{seconds > 0 ? `Trying again in ${seconds} s` : 'Trying again'}</p>
      </ErrorState>
    </div>
  );
}
