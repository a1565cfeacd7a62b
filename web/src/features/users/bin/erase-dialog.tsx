import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useId, useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { problemWords } from '../../../session/problem-words.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { usePurgeUser } from '../api/purge-user.ts';
import styles from './erase-dialog.module.css';

export interface EraseDialogProps {
  readonly user: User;
  readonly onErased: () => void;
  readonly onClose: () => void;
}

/** Asks for the person's email address before it erases them: nothing brings them back. */
export function EraseDialog({ user, onErased, onClose }: EraseDialogProps) {
  const formId = useId();
  const [typed, setTyped] = useState('');
  const purge = usePurgeUser();
  const problem = problemWords(purge.error ?? undefined);
  const isMeant = fold(typed) === fold(user.email);

  async function erase(): Promise<void> {
    if (!isMeant || purge.isPending) return;
    // What went wrong is the mutation's to tell.
    if (
      await purge.mutateAsync(user.id).then(
        () => true,
        () => false,
      )
    )
      onErased();
  }
  return (
    <Dialog
      title={`Erase ${inSentence(user.name)} for good?`}
      onClose={onClose}
      actions={
        <>
          <Button variant="quiet" onClick={onClose}>
            Keep
          </Button>
          <Button type="submit" form={formId} variant="danger" disabled={!isMeant} isBusy={purge.isPending}>
            Erase for good
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void erase();
        }}
      >
        <p>
          Their data, their history and their ways to sign in go, and nothing brings them back. What they did to others
          stays in the history, by “Erased person”.
        </p>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <TextField
          label="Their email address, to confirm"
          description={<bdi className={styles.email}>{user.email}</bdi>}
          value={typed}
          onChange={setTyped}
          data-initial-focus
        />
      </form>
    </Dialog>
  );
}

/** Typing is proof enough without its letter case. */
function fold(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}
