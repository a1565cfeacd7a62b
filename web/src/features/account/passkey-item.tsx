import type { Passkey } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inSentence } from '../../lib/in-sentence.ts';
import { timeOf } from '../../lib/time-of.ts';
import { useOpener } from '../../lib/use-opener.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { fieldProblem, otherProblem, problemWords } from '../../session/problem-words.ts';
import { useSession } from '../../session/session-context.tsx';
import { useTask } from '../../session/use-task.ts';
import { Ask } from '../../ui/ask.tsx';
import { Button } from '../../ui/button.tsx';
import { Item } from '../../ui/item-list.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { PasskeyIcon } from '../../ui/sign-in-icons.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast-region.tsx';
import styles from './account.module.css';
import { passkeysKey } from './account-queries.ts';

type Mode = 'shown' | 'renamed' | 'removed';

/** One passkey: when it came and was used, its name, and its end. */
export function PasskeyItem({ passkey }: { readonly passkey: Passkey }) {
  const [mode, setMode] = useState<Mode>('shown');
  const close = () => setMode('shown');
  const renaming = useOpener(mode === 'renamed');
  const removing = useOpener(mode === 'removed');
  const lastUsedAt = timeOf(passkey.lastUsedAt);
  return (
    <Item
      icon={<PasskeyIcon />}
      title={<bdi>{passkey.name}</bdi>}
      facts={[
        <span key="added">
          Added <RelativeTime at={timeOf(passkey.createdAt)} />
        </span>,
        lastUsedAt === undefined ? (
          'Never used'
        ) : (
          <span key="used">
            Used <RelativeTime at={lastUsedAt} />
          </span>
        ),
        passkey.isSynced ? 'On all your devices' : 'On one device',
      ]}
      actions={
        mode === 'shown' && (
          <>
            <Button
              ref={renaming}
              size="small"
              variant="quiet"
              aria-label={`Rename ${passkey.name}`}
              onClick={() => setMode('renamed')}
            >
              Rename
            </Button>
            <Button
              ref={removing}
              size="small"
              variant="quiet"
              aria-label={`Remove ${passkey.name}`}
              onClick={() => setMode('removed')}
            >
              Remove
            </Button>
          </>
        )
      }
      below={
        mode === 'renamed' ? (
          <Rename passkey={passkey} onClose={close} />
        ) : (
          mode === 'removed' && <Remove passkey={passkey} onClose={close} />
        )
      }
    />
  );
}

interface ModeProps {
  readonly passkey: Passkey;
  readonly onClose: () => void;
}

function Rename({ passkey, onClose }: ModeProps) {
  const clients = useClients();
  const cache = useQueryClient();
  const [name, setName] = useState(passkey.name);
  const task = useTask(async () => {
    await answerOf(clients.of(CredentialServiceClient).renamePasskey({ id: passkey.id, name }));
    await cache.invalidateQueries({ queryKey: passkeysKey });
    onClose();
  });
  const problem = otherProblem(task.error, ['name']);
  return (
    <form
      className={styles.rename}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void task.start();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        error={fieldProblem(task.error, 'name') ?? problem}
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles.actions}>
        <Button type="submit" isBusy={task.isRunning}>
          Rename
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Remove({ passkey, onClose }: ModeProps) {
  const clients = useClients();
  const cache = useQueryClient();
  const session = useSession();
  const toasts = useToasts();
  const task = useTask(async () => {
    await answerOf(clients.of(CredentialServiceClient).deletePasskey({ id: passkey.id }));
    toasts.confirm(`“${inSentence(passkey.name)}” is removed`);
    void session.refresh();
    await cache.invalidateQueries({ queryKey: passkeysKey });
  });
  const problem = problemWords(task.error);
  return (
    <>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <Ask
        question={`Remove “${inSentence(passkey.name)}”?`}
        action="Remove the passkey"
        isBusy={task.isRunning}
        onAct={() => void task.start()}
        onKeep={onClose}
      >
        You cannot sign in with it any more. Delete it on your device as well.
      </Ask>
    </>
  );
}
