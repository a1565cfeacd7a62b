import type { User } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf } from '@roster/proto/mask-paths';
import { type ReactNode, useId, useRef, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { UndoIcon } from '../../../ui/icons.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { useToasts } from '../../../ui/toast-region.tsx';
import type { UserList } from '../list/user-list.ts';
import { useHold } from '../list-screen/use-hold.ts';
import { changesOf, contestedOf } from './draft.ts';
import styles from './editor.module.css';
import { EditorNotice } from './editor-notice.tsx';
import { type FormControls, fieldOf, focusField } from './form-controls.ts';
import { firstFault } from './form-errors.ts';
import { ProblemMessage, SaveBar, saveSentence } from './save-bar.tsx';
import type { SaveOutcome } from './save-draft.ts';
import { timeOf } from './time-of.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import type { UserActions } from './use-user-actions.ts';
import { type SaveProblem, type UserEditor, useUserEditor } from './use-user-editor.ts';
import type { UserFormValues } from './user-form.ts';
import { UserSections } from './user-sections.tsx';

export interface UserEditorViewProps {
  readonly user: User;
  readonly list?: UserList | undefined;
  readonly actions: UserActions;
  /** Draws the head; `close` asks first when there are changes. */
  readonly head: (close: () => void) => ReactNode;
  /** What Escape and the close button do; absent on the full page, which one does not close. */
  readonly onClose?: (() => void) | undefined;
}

/** Everything about one user, edited in place, with the bar that saves it. */
export function UserEditorView({ user, list, actions, head, onClose }: UserEditorViewProps) {
  const formId = useId();
  const ref = useRef<HTMLDivElement>(null);
  const toasts = useToasts();
  const editor = useUserEditor(user, (answer) => list?.applyAnswer(answer));
  const [isLeaving, setLeaving] = useState(false);
  const isDirty = editor.changeCount > 0;
  useHold(list, isDirty);
  const keptFocus = useKeptFocus(ref);

  function close(): void {
    if (isDirty) setLeaving(true);
    else onClose?.();
  }
  function leave(): void {
    editor.discard();
    setLeaving(false);
    onClose?.();
  }
  async function save(): Promise<void> {
    if (editor.isSaving) return;
    const outcome = await editor.save();
    if (outcome.kind === 'saved') toasts.confirm(savedWords(outcome.changeCount));
    const field = fieldInTheWay(outcome, editor.draft.values);
    if (field !== undefined) focusSoon(field);
  }
  /** After the next drawing, in which the field may first appear or change. */
  function focusSoon(field: string): void {
    requestAnimationFrame(() => focusField(ref.current, field));
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of everything inside
    <div
      ref={ref}
      className={styles.editor}
      tabIndex={-1}
      onFocus={(event) => {
        keptFocus.onFocus();
        editor.focus(fieldOf(event.target));
      }}
      onBlur={(event) => {
        keptFocus.onBlur(event);
        editor.focus(fieldOf(event.relatedTarget));
      }}
      onKeyDown={(event) => {
        if (event.defaultPrevented) return;
        if (event.key === 'Escape' && onClose) {
          event.preventDefault();
          if (isLeaving) setLeaving(false);
          else close();
        } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
          event.preventDefault();
          void save();
        }
      }}
    >
      {head(close)}
      <form
        id={formId}
        className={styles.scroll}
        data-readonly={user.deletedAt ? true : undefined}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {user.deletedAt && <DeletedBanner user={user} actions={actions} />}
        {actions.error && <ProblemMessage requestId={actions.error.requestId}>{actions.error.message}</ProblemMessage>}
        <UserSections
          user={user}
          form={controlsOf(editor, user, (path) => focusSoon(path))}
          missing={missingRows(editor)}
        />
      </form>
      {isDirty && !user.deletedAt && (
        <SaveBar
          formId={formId}
          changeCount={editor.changeCount}
          isSaving={editor.isSaving}
          problem={<Problem problem={editor.problem} general={editor.errors.general} />}
          isLeaving={isLeaving}
          onDiscard={editor.discard}
          onLeave={leave}
          onStay={() => setLeaving(false)}
        />
      )}
    </div>
  );
}

function controlsOf(editor: UserEditor, user: User, onChosen: (path: string) => void): FormControls {
  const changed = new Set(changesOf(editor.draft).map(formatLeaf));
  return {
    values: editor.draft.values,
    errors: editor.errors,
    isReadOnly: user.deletedAt !== undefined,
    change: editor.change,
    isChanged: (path) => changed.has(path),
    notice: (path) => <EditorNotice draft={editor.draft} path={path} onStep={editor.step} onChosen={onChosen} />,
  };
}

/** Metadata that others changed and that the form has no row for, because it was removed or renamed here. */
function missingRows({ draft }: UserEditor): readonly string[] {
  const keys = new Set(draft.values.metadata.map(({ key }) => key));
  const leaves = [...contestedOf(draft), ...draft.settled.values()].map(({ leaf }) => leaf);
  return leaves.filter((leaf) => leaf.field === 'metadata' && !keys.has(leaf.key)).map(formatLeaf);
}

function DeletedBanner({ user, actions }: { readonly user: User; readonly actions: UserActions }) {
  return (
    <div className={styles.banner} role="status">
      <p>
        Deleted <RelativeTime at={timeOf(user.deletedAt)} />. It can be restored as it was.
      </p>
      <Button size="small" icon={<UndoIcon />} isBusy={actions.isBusy} onClick={actions.restore}>
        Restore
      </Button>
    </div>
  );
}

function Problem(props: { readonly problem: SaveProblem | undefined; readonly general: readonly string[] }) {
  const { problem, general } = props;
  if (problem?.kind === 'undecided') {
    const fields = problem.paths.length === 1 ? 'one of these fields' : `${problem.paths.length} of these fields`;
    return (
      <ProblemMessage tone="warn">
        Someone else changed {fields} too. Choose which to keep, then save again.
      </ProblemMessage>
    );
  }
  if (!problem && general.length === 0) return null;
  return (
    <ProblemMessage requestId={problem?.error.requestId}>
      {general.length > 0 ? general.join(' ') : problem && saveSentence(problem.error)}
    </ProblemMessage>
  );
}

/** Where the focus goes when a save did not go through. */
function fieldInTheWay(outcome: SaveOutcome, values: UserFormValues): string | undefined {
  if (outcome.kind === 'undecided') return outcome.paths[0];
  return outcome.kind === 'refused' ? firstFault(outcome.errors, values) : undefined;
}

function savedWords(changeCount: number): string {
  return changeCount === 1 ? 'Saved 1 change' : `Saved ${changeCount} changes`;
}
