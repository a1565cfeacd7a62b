import type { User } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf } from '@roster/proto/mask-paths';
import { type ReactNode, useId, useRef } from 'react';
import { useHeldWork } from '../../../session/session-context.tsx';
import type { UserList } from '../list/user-list.ts';
import { useHold } from '../list-screen/use-hold.ts';
import { changesOf, contestedOf } from './draft.ts';
import styles from './editor.module.css';
import { DeletedBanner, LockedBanner, SelfQuestionBar } from './editor-banners.tsx';
import { EditorNotice } from './editor-notice.tsx';
import { type FormControls, fieldOf, focusField } from './form-controls.ts';
import { firstFault } from './form-errors.ts';
import { HistorySection } from './history-section.tsx';
import { ActionFailure } from './problem-message.tsx';
import { SaveBar } from './save-bar.tsx';
import type { SaveOutcome } from './save-draft.ts';
import { lockWords, SaveProblem } from './save-problem.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { useLeaving } from './use-leaving.ts';
import { useTellOutcome } from './use-tell-outcome.ts';
import type { UserActions } from './use-user-actions.ts';
import { type UserEditor, useUserEditor } from './use-user-editor.ts';
import { useUserRights } from './use-user-rights.ts';
import type { UserFormValues } from './user-form.ts';
import type { UserRights } from './user-rights.ts';
import { UserSections } from './user-sections.tsx';

export interface UserEditorViewProps {
  readonly user: User;
  /** There is no such user any more. */
  readonly isErased: boolean;
  readonly list?: UserList | undefined;
  readonly actions: UserActions;
  /** Draws the head; `close` asks first when there are changes. */
  readonly head: (close: () => void) => ReactNode;
  /** What Escape and the close button do; absent on the full page, which one does not close. */
  readonly onClose?: (() => void) | undefined;
}

/** Everything about one user, edited in place, with the bar that saves it. */
export function UserEditorView({ user, isErased, list, actions, head, onClose }: UserEditorViewProps) {
  const formId = useId();
  const ref = useRef<HTMLDivElement>(null);
  const editor = useUserEditor(user, (answer) => list?.applyAnswer(answer));
  const rights = useUserRights(user);
  const isDirty = editor.changeCount > 0;
  const leaving = useLeaving(isDirty);
  const lock = lockWords(user, isErased, rights);
  useHold(list, isDirty);
  useHeldWork(isDirty);
  const keptFocus = useKeptFocus(ref);
  const tell = useTellOutcome(user, isDirty);

  /** What is being saved cannot be discarded any more, and what is typed meanwhile is kept; so nothing is asked then. */
  function close(): void {
    if (isDirty && !editor.isSaving) leaving.ask();
    else onClose?.();
  }
  function leave(): void {
    editor.discard();
    onClose?.();
  }
  async function save(isSelfConfirmed = false): Promise<void> {
    if (editor.isSaving || lock !== undefined) return;
    leaving.stay();
    const outcome = await editor.save(isSelfConfirmed);
    tell(outcome);
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
          if (leaving.isAsked) leaving.stay();
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
        data-readonly={lock !== undefined || undefined}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {isErased && <LockedBanner reason="Erased for good. This is what was last known of them." />}
        {user.deletedAt && !isErased && <DeletedBanner user={user} actions={actions} mayRestore={rights.mayRestore} />}
        {rights.reason !== undefined && <LockedBanner reason={rights.reason} />}
        {actions.question && <SelfQuestionBar question={actions.question} isBusy={actions.isBusy} />}
        {actions.error && <ActionFailure error={actions.error} list={list} />}
        <UserSections
          user={user}
          form={controlsOf(editor, lock !== undefined, rights, { onEdit: leaving.stay, onChosen: focusSoon })}
          missing={missingRows(editor)}
        />
        <HistorySection user={user} list={list} />
      </form>
      {isDirty && (
        <SaveBar
          formId={formId}
          changeCount={editor.changeCount}
          isSaving={editor.isSaving}
          maySave={lock === undefined}
          problem={<SaveProblem editor={editor} list={list} lock={lock} onSelfConfirmed={() => void save(true)} />}
          isLeaving={leaving.isAsked}
          onDiscard={editor.discard}
          onLeave={leave}
          onStay={leaving.stay}
        />
      )}
    </div>
  );
}

function controlsOf(
  editor: UserEditor,
  isLocked: boolean,
  rights: UserRights,
  on: { readonly onEdit: () => void; readonly onChosen: (path: string) => void },
): FormControls {
  const changed = new Set(changesOf(editor.draft).map(formatLeaf));
  return {
    values: editor.draft.values,
    errors: editor.errors,
    isReadOnly: (field) => isLocked || !rights.mayChange(field),
    mayGive: rights.mayGive,
    change(patch) {
      on.onEdit();
      editor.change(patch);
    },
    isChanged: (path) => changed.has(path),
    notice: (path) => <EditorNotice draft={editor.draft} path={path} onStep={editor.step} onChosen={on.onChosen} />,
  };
}

/** Metadata that others changed and that the form has no row for, because it was removed or renamed here. */
function missingRows({ draft }: UserEditor): readonly string[] {
  const keys = new Set(draft.values.metadata.map(({ key }) => key));
  const leaves = [...contestedOf(draft), ...draft.settled.values()].map(({ leaf }) => leaf);
  return leaves.filter((leaf) => leaf.field === 'metadata' && !keys.has(leaf.key)).map(formatLeaf);
}

/** Where the focus goes when a save did not go through. */
function fieldInTheWay(outcome: SaveOutcome, values: UserFormValues): string | undefined {
  if (outcome.kind === 'undecided') return outcome.paths[0];
  return outcome.kind === 'refused' ? firstFault(outcome.errors, values) : undefined;
}
