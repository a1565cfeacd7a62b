import type { User } from '@roster/proto/gen/userservice/v1/user';
import { Ask } from '../../../ui/ask.tsx';
import type { UserList } from '../list/user-list.ts';
import styles from './editor.module.css';
import { ProblemMessage, SaveFailure } from './problem-message.tsx';
import type { UserEditor } from './use-user-editor.ts';
import type { UserRights } from './user-rights.ts';

export interface SaveProblemProps {
  readonly editor: UserEditor;
  readonly list: UserList | undefined;
  /** Why what was typed cannot be saved as things stand. */
  readonly lock: string | undefined;
  readonly onSelfConfirmed: () => void;
}

/** What stands in the way of a save, above the bar that saves. */
export function SaveProblem({ editor, list, lock, onSelfConfirmed }: SaveProblemProps) {
  const { problem, isSaving } = editor;
  const { general } = editor.errors;
  if (lock !== undefined) return <ProblemMessage tone="warn">{lock}</ProblemMessage>;
  if (problem?.kind === 'self') {
    return (
      <div className={styles.question}>
        <Ask
          question="Take away rights of your own?"
          action="Save it all the same"
          isBusy={isSaving}
          onAct={onSelfConfirmed}
          onKeep={editor.dismissProblem}
        >
          Only another admin can give them back to you.
        </Ask>
      </div>
    );
  }
  if (problem?.kind === 'undecided') {
    const fields = problem.paths.length === 1 ? 'one of these fields' : `${problem.paths.length} of these fields`;
    return (
      <ProblemMessage tone="warn">
        Someone else changed {fields} too. Choose which to keep, then save again.
      </ProblemMessage>
    );
  }
  return <SaveFailure error={problem?.error} general={general} list={list} />;
}

/** Why what was typed cannot be saved as things stand; undefined where it can. */
export function lockWords(user: User, isErased: boolean, rights: UserRights): string | undefined {
  const kept = 'What you have typed is kept here until you discard it.';
  if (isErased) return `Who is erased cannot be saved. ${kept}`;
  if (rights.reason !== undefined) return `You may not save this any more: your rights have changed. ${kept}`;
  return user.deletedAt ? `Who is deleted cannot be saved until they are restored. ${kept}` : undefined;
}
