import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import type { GetSignInOptionsResponse } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { lengthOf } from '@roster/proto/limits';
import { useRef, useState } from 'react';
import { useFaultFocus } from '../../lib/use-fault-focus.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { fieldProblem, otherProblem } from '../../session/problem-words.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { NewPasswordField } from '../../ui/password-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { isDeadLink } from './is-dead-link.ts';
import styles from './sign-in-form.module.css';
import { useWait, waitWords } from './use-wait.ts';

export interface LinkFormProps {
  readonly secret: string;
  readonly options: GetSignInOptionsResponse;
  /** The link has stopped working while the page was open. */
  readonly onDead: () => void;
  /** `isSignedIn`: the browser has a session of whoever the link is for. */
  readonly onAccepted: (isSignedIn: boolean) => Promise<void>;
}

/** Makes the first admin. */
export function SetupForm({ secret, options, onDead, onAccepted }: LinkFormProps) {
  const clients = useClients();
  const formRef = useRef<HTMLFormElement>(null);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const setup = useTask(async () => {
    const request = { secret, name: name.trim(), email: email.trim(), password };
    const answer = await answerOf(clients.of(CredentialServiceClient).acceptLink(request)).catch((thrown: unknown) => {
      if (isDeadLink(thrown)) onDead();
      throw thrown;
    });
    await onAccepted(answer.session !== undefined);
  });
  useFaultFocus(formRef, setup.error);
  const wait = useWait(setup.error);
  const problem = otherProblem(setup.error, ['name', 'email', 'password']);

  async function submit(): Promise<void> {
    if (wait === 0) await setup.start();
  }
  return (
    <form
      ref={formRef}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {problem && <Notice tone="bad">{problem}</Notice>}
      <TextField
        label="Name"
        name="name"
        autoComplete="name"
        value={name}
        onChange={setName}
        error={fieldProblem(setup.error, 'name')}
        autoFocus
      />
      <TextField
        label="Email"
        type="email"
        name="email"
        inputMode="email"
        autoComplete="username"
        autoCapitalize="off"
        value={email}
        onChange={setEmail}
        error={fieldProblem(setup.error, 'email')}
      />
      <NewPasswordField
        value={password}
        onChange={setPassword}
        error={fieldProblem(setup.error, 'password')}
        lengthMin={options.passwordLengthMin}
        length={lengthOf(password)}
      />
      <Button type="submit" variant="primary" className={styles.wide} isBusy={setup.isRunning} disabled={wait > 0}>
        {wait > 0 ? `Wait ${waitWords(wait)}` : 'Make the first admin'}
      </Button>
    </form>
  );
}
