import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { useRef, useState } from 'react';
import { useFaultFocus } from '../../lib/use-fault-focus.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { fieldProblem, otherProblem } from '../../session/problem-words.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Problem } from './problem.tsx';
import styles from './sign-in-form.module.css';
import { useWait, waitWords } from './use-wait.ts';
import { VisitorCard } from './visitor-card.tsx';

export interface LostPasswordProps {
  /** What was typed as the email before. */
  readonly email: string;
  readonly onBack: (email: string) => void;
}

/** Has a link mailed that sets a new password. What is said afterwards is the same whoever asks. */
export function LostPassword({ email: known, onBack }: LostPasswordProps) {
  const clients = useClients();
  const formRef = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState(known);
  const request = useTask(async () => {
    await answerOf(clients.of(CredentialServiceClient).requestPasswordReset({ email: email.trim() }));
    return true;
  });
  const [isSent, setSent] = useState(false);
  const wait = useWait(request.error);
  useFaultFocus(formRef, request.error);
  const back = (
    <Button variant="quiet" className={styles.wide} onClick={() => onBack(email)}>
      Back to signing in
    </Button>
  );
  if (isSent) {
    return (
      <VisitorCard
        title="Look into your mail"
        words={
          <p role="status">
            If somebody with the address <bdi className={styles.whole}>{email.trim()}</bdi> can sign in here, a link is
            on its way. It works once, for an hour.
          </p>
        }
        foot="Has none come after a few minutes? It may lie with the unwanted mail. An admin can make you a link, too."
      >
        {back}
      </VisitorCard>
    );
  }
  const problem = otherProblem(request.error, ['email']);
  return (
    <VisitorCard title="A new password" words="A link to set one is mailed to you.">
      <form
        ref={formRef}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (wait === 0) void request.start().then((isDone) => setSent(isDone === true));
        }}
      >
        {problem && <Problem error={request.error} wait={wait} />}
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
