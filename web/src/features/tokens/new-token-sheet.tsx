import type { CreateTokenResponse } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { TokenServiceClient } from '@roster/proto/gen/roster/tokens/v1/token_service.client';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { useFaultFocus } from '../../lib/use-fault-focus.ts';
import { roleOptions } from '../../lib/user-words.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { fieldProblem, otherProblem } from '../../session/problem-words.ts';
import { useHeldWork, useSignedIn } from '../../session/session-context.tsx';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './new-token-sheet.module.css';
import { ScopesField } from './scopes-field.tsx';
import { TokenSecret } from './token-secret.tsx';
import { lifeChoices } from './token-words.ts';
import { tokensKey } from './tokens-queries.ts';

/** Makes a token, and shows it this once. */
export function NewTokenSheet({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<CreateTokenResponse>();
  if (made?.token) return <TokenSecret token={made.token} secret={made.secret} onClose={onClose} />;
  return <NewTokenForm onMade={setMade} onClose={onClose} />;
}

interface NewTokenFormProps {
  readonly onMade: (made: CreateTokenResponse) => void;
  readonly onClose: () => void;
}

function NewTokenForm({ onMade, onClose }: NewTokenFormProps) {
  const formId = useId();
  const formRef = useRef<HTMLFormElement>(null);
  const clients = useClients();
  const cache = useQueryClient();
  const { access } = useSignedIn();
  const [name, setName] = useState('');
  const [role, setRole] = useState<UserRole>(UserRole.VIEWER);
  const [scopes, setScopes] = useState<readonly string[]>(['users.read']);
  const [days, setDays] = useState<number>(30);
  useHeldWork(name !== '');
  const creation = useTask(async () => {
    const expiresAt = { seconds: String(Math.floor(Date.now() / 1000) + days * 86_400 - 60), nanos: 0 };
    const request = { name, role, scopes: [...scopes], expiresAt };
    const made = await answerOf(clients.of(TokenServiceClient).createToken(request));
    void cache.invalidateQueries({ queryKey: tokensKey });
    return made;
  });
  useFaultFocus(formRef, creation.error);
  const errorOf = (field: string) => fieldProblem(creation.error, field);
  const problem = otherProblem(creation.error, ['name', 'role', 'scopes', 'expires_at']);

  async function create(): Promise<void> {
    const made = await creation.start();
    if (made) onMade(made);
  }
  return (
    <Sheet
      title="New token"
      onClose={onClose}
      actions={
        <>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isBusy={creation.isRunning}>
            Create token
          </Button>
        </>
      }
    >
      <form
        id={formId}
        ref={formRef}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {problem && <Notice tone="bad">{problem}</Notice>}
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          error={errorOf('name')}
          description="What uses it, for example “Nightly export”."
          data-initial-focus
        />
        <Select
          label="Role"
          value={role}
          onChange={setRole}
          options={roleOptions.filter((option) => access.mayGive(option.value)).toReversed()}
          error={errorOf('role')}
          description={roleOptions.find(({ value }) => value === role)?.description}
        />
        <ScopesField value={scopes} onChange={setScopes} error={errorOf('scopes')} />
        <Select
          label="Expires in"
          value={days}
          onChange={setDays}
          options={lifeChoices}
          error={errorOf('expires_at')}
        />
      </form>
    </Sheet>
  );
}
