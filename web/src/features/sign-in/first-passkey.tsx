import { useClients } from '../../rpc/clients.tsx';
import { addPasskey } from '../../session/passkey-calls.ts';
import { problemWords } from '../../session/problem-words.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PasskeyIcon } from '../../ui/sign-in-icons.tsx';
import styles from './sign-in-form.module.css';
import { VisitorCard } from './visitor-card.tsx';

/** Offers a passkey to whoever has just come in for the first time. */
export function FirstPasskey({ onDone }: { readonly onDone: () => void }) {
  const clients = useClients();
  const addition = useTask(async () => {
    await addPasskey(clients, '');
    onDone();
  });
  const problem = problemWords(addition.error);
  return (
    <VisitorCard
      title="You are in. Add a passkey?"
      words="With one you sign in by fingerprint, face or PIN, and nobody gets in with a stolen password alone."
      foot="You find passkeys in your account at any time."
    >
      <div className={styles.form}>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Button
          variant="primary"
          icon={<PasskeyIcon />}
          className={styles.wide}
          isBusy={addition.isRunning}
          onClick={() => void addition.start()}
          autoFocus
        >
          {addition.isRunning ? 'Waiting for your device' : 'Add a passkey'}
        </Button>
        <Button variant="quiet" className={styles.wide} onClick={onDone}>
          Not now
        </Button>
      </div>
    </VisitorCard>
  );
}
