import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { useState } from 'react';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { fieldProblem, otherProblem } from '../../session/problem-words.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './sign-in-form.module.css';
import { useWait, waitWords } from './use-wait.ts';
import { VisitorCard } from './visitor-card.tsx';

/** Has a link mailed that sets a new password. What is said afterwards is the same whoever asks. */
export function LostPassword({ onBack }: { readonly onBack: () => void }) {
  const clients = useClients();
  const [email, setEmail] = useState('');
  const request = useTask(async () => {
    await answerOf(clients.of(CredentialServiceClient).requestPasswordReset({ email: email.trim() }));
    return true;
  });
  const [isSent, setSent] = useState(false);
  const wait = useWait(request.error);
  const back = (
    <Button variant="quiet" className={styles.wide} onClick={onBack}>
      Back to signing in
    </Button>
  );
  if (isSent) {
    return (
      <VisitorCard
        title="Look into your mail"
        words={
          <p role="status">
            If somebody with the address <bdi>{email.trim()}</bdi> can sign in here, a link is on its way. It works
            once, for an hour.
          </p>
        }
      >
        {back}
      </VisitorCard>
    );
  }
  const problem = otherProblem(request.error, ['email']);
  return (
    <VisitorCard title="A new password" words="A link to set one is mailed to you.">
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (wait === 0) void request.start().then((isDone) => setSent(isDone === true));
        }}
      >
        {problem && <Notice tone="bad">{problem}</Notice>}
        <TextField
          label="Email"
          type="email"
          name="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="off"
          value={email}
          onChange={setEmail}
          error={fieldProblem(request.error, 'email')}
          autoFocus
        />
        <Button type="submit" variant="primary" className={styles.wide} isBusy={request.isRunning} disabled={wait > 0}>
          {wait > 0 ? `Wait ${waitWords(wait)}` : 'Send the link'}
        </Button>
      </form>
      {back}
    </VisitorCard>
  );
}
