import type { User } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf } from '@roster/proto/mask-paths';
import { type ReactNode, useId, useRef } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { timeOf } from '../../../lib/time-of.ts';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import { useHeldWork } from '../../../session/session-context.tsx';
import { Ask } from '../../../ui/ask.tsx';
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
import { HistorySection } from './history-section.tsx';
import { ActionFailure, ProblemMessage, SaveFailure } from './problem-message.tsx';
import { SaveBar } from './save-bar.tsx';
import type { SaveOutcome } from './save-draft.ts';
import { refusalWords } from './save-sentence.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { useLeaving } from './use-leaving.ts';
import type { SelfQuestion, UserActions } from './use-user-actions.ts';
import { type UserEditor, useUserEditor } from './use-user-editor.ts';
import { useUserRights } from './use-user-rights.ts';
import type { UserFormValues } from './user-form.ts';
import type { UserRights } from './user-rights.ts';
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
  const rights = useUserRights(user);
  const isDirty = editor.changeCount > 0;
  const leaving = useLeaving(isDirty);
  const maySave = rights.reason === undefined && user.deletedAt === undefined;
  useHold(list, isDirty);
  useHeldWork(isDirty);
  const keptFocus = useKeptFocus(ref);
  const isGone = useIsGone();

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
    if (editor.isSaving || !maySave) return;
    leaving.stay();
    const outcome = await editor.save(isSelfConfirmed);
    if (outcome.kind === 'saved') {
      const words = savedWords(outcome.changeCount);
      toasts.confirm(isGone() ? `${words} of ${inSentence(user.name)}` : words, { about: savingOf(user) });
    } else if (isGone()) tellRefusal(outcome);
    const field = fieldInTheWay(outcome, editor.draft.values);
    if (field !== undefined) focusSoon(field);
  }
  /** Nobody sees it in the form any more. */
  function tellRefusal(outcome: SaveOutcome): void {
    const why = refusalWords(outcome);
    if (why !== undefined) toasts.fail(`${inSentence(user.name)} is not saved`, why, { about: savingOf(user) });
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
        data-readonly={user.deletedAt || rights.reason !== undefined ? true : undefined}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {user.deletedAt && <DeletedBanner user={user} actions={actions} mayRestore={rights.mayRestore} />}
        {rights.reason !== undefined && <LockedBanner reason={rights.reason} />}
        {actions.question && <SelfQuestionBar question={actions.question} isBusy={actions.isBusy} />}
        {actions.error && <ActionFailure error={actions.error} list={list} />}
        <UserSections
          user={user}
          form={controlsOf(editor, user, rights, { onEdit: leaving.stay, onChosen: focusSoon })}
          missing={missingRows(editor)}
        />
        <HistorySection user={user} list={list} />
      </form>
      {isDirty && (
        <SaveBar
          formId={formId}
          changeCount={editor.changeCount}
          isSaving={editor.isSaving}
          maySave={maySave}
          problem={
            <Problem
              editor={editor}
              list={list}
              lock={lockWords(user, rights)}
              onSelfConfirmed={() => void save(true)}
            />
          }
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
  user: User,
  rights: UserRights,
  on: { readonly onEdit: () => void; readonly onChosen: (path: string) => void },
): FormControls {
  const changed = new Set(changesOf(editor.draft).map(formatLeaf));
  return {
    values: editor.draft.values,
    errors: editor.errors,
    isReadOnly: (field) => user.deletedAt !== undefined || !rights.mayChange(field),
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

interface DeletedBannerProps {
  readonly user: User;
  readonly actions: UserActions;
  readonly mayRestore: boolean;
}

function DeletedBanner({ user, actions, mayRestore }: DeletedBannerProps) {
  return (
    <div className={styles.banner} role="status">
      <p>
        Deleted <RelativeTime at={timeOf(user.deletedAt)} />. It can be restored as it was.
      </p>
      {mayRestore && (
        <Button size="small" icon={<UndoIcon />} isBusy={actions.isBusy} onClick={actions.restore}>
          Restore
        </Button>
      )}
    </div>
  );
}

/** Why everything here can only be looked at. */
function LockedBanner({ reason }: { readonly reason: string }) {
  return (
    <div className={styles.banner} role="status">
      <p>{reason}</p>
    </div>
  );
}

/** The second step before somebody takes away rights of their own. */
function SelfQuestionBar({ question, isBusy }: { readonly question: SelfQuestion; readonly isBusy: boolean }) {
  return (
    <div className={styles.question}>
      <Ask
        question={question.words}
        action={question.action}
        isBusy={isBusy}
        onAct={question.goOn}
        onKeep={question.leave}
      >
        You are signed out at once, and only another admin can let you in again.
      </Ask>
    </div>
  );
}

interface ProblemProps {
  readonly editor: UserEditor;
  readonly list: UserList | undefined;
  /** Why what was typed cannot be saved as things stand. */
  readonly lock: string | undefined;
  readonly onSelfConfirmed: () => void;
}

function Problem({ editor, list, lock, onSelfConfirmed }: ProblemProps) {
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
function lockWords(user: User, rights: UserRights): string | undefined {
  const kept = 'What you have typed is kept here until you discard it.';
  if (rights.reason !== undefined) return `You may not save this any more: your rights have changed. ${kept}`;
  return user.deletedAt ? `Who is deleted cannot be saved until they are restored. ${kept}` : undefined;
}

/** Where the focus goes when a save did not go through. */
function fieldInTheWay(outcome: SaveOutcome, values: UserFormValues): string | undefined {
  if (outcome.kind === 'undecided') return outcome.paths[0];
  return outcome.kind === 'refused' ? firstFault(outcome.errors, values) : undefined;
}

/** What toasts about saves are about, apart from those about what one press does. */
function savingOf({ id }: User): string {
  return `saving ${id}`;
}

function savedWords(changeCount: number): string {
  return changeCount === 1 ? 'Saved 1 change' : `Saved ${changeCount} changes`;
}
