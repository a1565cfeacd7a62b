import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { lengthOf } from '@roster/proto/limits';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useFaultFocus } from '../../lib/use-fault-focus.ts';
import { useOpener } from '../../lib/use-opener.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { fieldProblem, otherProblem } from '../../session/problem-words.ts';
import { useHeldWork, useSession, useSignedIn } from '../../session/session-context.tsx';
import { useSignInOptions } from '../../session/sign-in-options.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PageSection } from '../../ui/page.tsx';
import { NewPasswordField } from '../../ui/password-field.tsx';
import { useToasts } from '../../ui/toast-region.tsx';
import styles from './account.module.css';
import { sessionsKey } from './account-queries.ts';

export function PasswordSection() {
  const { hasPassword } = useSignedIn();
  const [isOpen, setOpen] = useState(false);
  const opener = useOpener(isOpen);
  return (
    <PageSection title="Password">
      {isOpen ? (
        <PasswordForm onClose={() => setOpen(false)} />
      ) : (
        <div className={styles.row}>
          <p className={styles.quiet}>
            {hasPassword ? 'You can sign in with a password.' : 'You have none: you sign in in other ways.'}
          </p>
          <Button ref={opener} size="small" onClick={() => setOpen(true)}>
            {hasPassword ? 'Change the password' : 'Set a password'}
          </Button>
        </div>
      )}
    </PageSection>
  );
}

function PasswordForm({ onClose }: { readonly onClose: () => void }) {
  const clients = useClients();
  const cache = useQueryClient();
  const session = useSession();
  const toasts = useToasts();
  const formRef = useRef<HTMLFormElement>(null);
  const { user, hasPassword } = useSignedIn();
  const { data: options } = useSignInOptions();
  const [password, setPassword] = useState('');
  useHeldWork(password !== '');
  const change = useTask(async () => {
    await answerOf(clients.of(CredentialServiceClient).changePassword({ password }));
    return true;
  });
  useFaultFocus(formRef, change.error);
  const problem = otherProblem(change.error, ['password']);

  async function save(): Promise<void> {
    if (!(await change.start())) return;
    toasts.confirm(hasPassword ? 'Your password is changed' : 'Your password is set');
    onClose();
    void session.refresh();
    void cache.invalidateQueries({ queryKey: sessionsKey });
  }
  return (
    <form
      ref={formRef}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {problem && <Notice tone="bad">{problem}</Notice>}
      <input type="text" name="email" autoComplete="username" value={user.email} readOnly hidden />
      <NewPasswordField
        label="New password"
        value={password}
        onChange={setPassword}
        error={fieldProblem(change.error, 'password')}
        lengthMin={options?.passwordLengthMin}
        length={lengthOf(password)}
        autoFocus
      />
      <p className={styles.quiet}>Wherever else you are signed in, you are signed out.</p>
      <div className={styles.actions}>
        <Button type="submit" variant="primary" isBusy={change.isRunning}>
          {hasPassword ? 'Change the password' : 'Set the password'}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
