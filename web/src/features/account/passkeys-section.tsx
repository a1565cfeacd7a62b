import { useQueryClient } from '@tanstack/react-query';
import { hasPasskeys } from '../../lib/passkeys.ts';
import { useClients } from '../../rpc/clients.tsx';
import { addPasskey } from '../../session/passkey-calls.ts';
import { problemWords } from '../../session/problem-words.ts';
import { useSession } from '../../session/session-context.tsx';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { ItemList } from '../../ui/item-list.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PageSection } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toast-region.tsx';
import styles from './account.module.css';
import { passkeysKey, usePasskeys } from './account-queries.ts';
import { PasskeyItem } from './passkey-item.tsx';
import { ReadFailed } from './read-failed.tsx';

/** The passkeys of the person. */
export function PasskeysSection() {
  const clients = useClients();
  const cache = useQueryClient();
  const session = useSession();
  const toasts = useToasts();
  const { data: passkeys, error, refetch } = usePasskeys();
  const addition = useTask(async () => {
    await addPasskey(clients, '');
    toasts.confirm('Your passkey is added');
    void session.refresh();
    await cache.invalidateQueries({ queryKey: passkeysKey });
  });
  const problem = problemWords(addition.error);
  return (
    <PageSection
      title="Passkeys"
      description="Sign in by fingerprint, face or PIN. With one, your password alone lets nobody in."
    >
      {error && !passkeys && <ReadFailed error={error} onRetry={() => void refetch()} />}
      {passkeys && passkeys.length > 0 && (
        <ItemList label="Passkeys">
          {passkeys.map((passkey) => (
            <PasskeyItem key={passkey.id} passkey={passkey} />
          ))}
        </ItemList>
      )}
      {problem && <Notice tone="bad">{problem}</Notice>}
      <div className={styles.row}>
        {passkeys?.length === 0 && <p className={styles.quiet}>You have none yet.</p>}
        {hasPasskeys() ? (
          <Button
            size="small"
            icon={<PlusIcon />}
            isBusy={addition.isRunning}
            disabled={!passkeys}
            onClick={() => void addition.start()}
          >
            {addition.isRunning ? 'Waiting for your device' : 'Add a passkey'}
          </Button>
        ) : (
          <p className={styles.quiet}>This browser, or this address, has no passkeys: they need a secure connection.</p>
        )}
      </div>
    </PageSection>
  );
}
