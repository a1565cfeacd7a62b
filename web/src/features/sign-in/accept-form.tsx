import { LinkPurpose, type OpenLinkResponse } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { lengthOf } from '@roster/proto/limits';
import { useRef, useState } from 'react';
import { useFaultFocus } from '../../lib/use-fault-focus.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { fieldProblem, otherProblem, problemWords } from '../../session/problem-words.ts';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { NewPasswordField } from '../../ui/password-field.tsx';
import { isDeadLink } from './is-dead-link.ts';
import type { LinkFormProps } from './setup-form.tsx';
import { goToProvider } from './sign-in-calls.ts';
import styles from './sign-in-form.module.css';
import { useWait, waitWords } from './use-wait.ts';

/** Sets the password of whom the link is for, or takes their account at the OpenID provider. */
export function AcceptForm(props: LinkFormProps & { readonly link: OpenLinkResponse }) {
  const { secret, options, onDead, onAccepted, link } = props;
  const clients = useClients();
  const formRef = useRef<HTMLFormElement>(null);
  const [password, setPassword] = useState('');
  const acceptance = useTask(async () => {
    const request = { secret, name: '', email: '', password };
    const answer = await answerOf(clients.of(CredentialServiceClient).acceptLink(request)).catch((thrown: unknown) => {
      if (isDeadLink(thrown)) onDead();
      throw thrown;
    });
    await onAccepted(answer.session !== undefined);
  });
  const provider = useTask(() => goToProvider(clients, '/users', { linkSecret: secret }));
  useFaultFocus(formRef, acceptance.error);
  const wait = useWait(acceptance.error);
  const problem = otherProblem(acceptance.error, ['password']) ?? problemWords(provider.error);
  const mayLink = options.oidcName !== '' && link.purpose !== LinkPurpose.PASSWORD_RESET;

  async function submit(): Promise<void> {
    if (wait === 0 && !provider.isRunning) await acceptance.start();
  }
  return (
    <>
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
        {/* For password managers: whose password this is. */}
        <input type="text" name="email" autoComplete="username" value={link.email} readOnly hidden />
        <NewPasswordField
          label={link.purpose === LinkPurpose.INVITATION ? 'Password' : 'New password'}
          value={password}
          onChange={setPassword}
          error={fieldProblem(acceptance.error, 'password')}
          lengthMin={options.passwordLengthMin}
          length={lengthOf(password)}
          autoFocus
        />
        <Button
          type="submit"
          variant="primary"
          className={styles.wide}
          isBusy={acceptance.isRunning}
          disabled={wait > 0}
        >
          {wait > 0 ? `Wait ${waitWords(wait)}` : 'Set the password and sign in'}
        </Button>
      </form>
      {mayLink && (
        <div className={styles.others}>
          <p className={styles.or}>or without a password</p>
          <Button
            className={styles.wide}
            isBusy={provider.isRunning}
            onClick={() => {
              acceptance.forgetError();
              void provider.start();
            }}
          >
            Continue with {options.oidcName}
          </Button>
        </div>
      )}
    </>
  );
}
