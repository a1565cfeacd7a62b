import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useEffect, useId, useRef, useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import { useClients } from '../../../rpc/clients.tsx';
import { ReadCache } from '../../../rpc/read-cache.tsx';
import type { Access } from '../../../session/access.ts';
import { notDoneWords } from '../../../session/problem-words.ts';
import { useHeldWork, useSignedIn } from '../../../session/session-context.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { CloseIcon } from '../../../ui/icons.tsx';
import { useToasts } from '../../../ui/toast-region.tsx';
import { matchesList } from '../api/matches-list.ts';
import type { UserList } from '../list/user-list.ts';
import { CreateBar } from './create-bar.tsx';
import { newUserKey } from './draft-storage.ts';
import styles from './editor.module.css';
import { type FormControls, focusField } from './form-controls.ts';
import { type FormErrors, firstFault } from './form-errors.ts';
import { NewUserSections } from './new-user-sections.tsx';
import { refusalWords } from './save-words.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { useLeaving } from './use-leaving.ts';
import { type CreateOutcome, useNewUser } from './use-new-user.ts';
import { filledLines, type UserFormValues } from './user-form.ts';

export interface CreateUserPanelProps {
  /** The list beside the panel. The new user is not put into it: its feed brings it, if it matches. */
  readonly list: UserList;
  readonly onClose: () => void;
  readonly onCreated: (user: User) => void;
}

/** Makes a new user. */
export function CreateUserPanel(props: CreateUserPanelProps) {
  return (
    <ReadCache>
      <NewUserForm {...props} />
    </ReadCache>
  );
}

function NewUserForm({ list, onClose, onCreated }: CreateUserPanelProps) {
  const formId = useId();
  const ref = useRef<HTMLDivElement>(null);
  const toasts = useToasts();
  const { users } = useClients();
  const editor = useNewUser();
  const { access } = useSignedIn();
  useHeldWork(editor.isDirty);
  const leaving = useLeaving(editor.isDirty);
  const isGone = useIsGone();
  const keptFocus = useKeptFocus(ref);
  useEffect(() => {
    if (!editor.isDirty) toasts.settle(newUserKey);
  }, [editor.isDirty, toasts]);
  /** Folded sections that hold a fault open by themselves. */
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => filledSections(editor.values));

  /** Who is being created cannot be discarded any more. */
  function close(): void {
    if (editor.isDirty && !editor.isCreating) leaving.ask();
    else onClose();
  }
  function showFault(errors: FormErrors): void {
    const field = firstFault(errors, editor.values);
    if (field === undefined) return;
    setOpened((held) => new Set([...held, sectionOf(field)]));
    requestAnimationFrame(() => focusField(ref.current, field));
  }
  /** Nobody sees it in the form any more. */
  function tellRefusal(outcome: CreateOutcome): void {
    const why = refusalWords(outcome);
    const error = outcome.kind === 'refused' ? outcome.error : undefined;
    if (why !== undefined) toasts.fail(notDoneWords('The new user', 'created', error), why, { about: newUserKey });
  }
  async function create(): Promise<void> {
    leaving.stay();
    const result = await editor.create();
    if (result?.kind === 'refused' && isGone()) tellRefusal(result);
    else if (result?.kind === 'refused') showFault(result.errors);
    if (result?.kind !== 'created') return;
    const { user } = result;
    // Who has gone on to something else is not called away from it.
    if (!isGone()) onCreated(user);
    const isShown = await matchesList(users, user.id, list.query);
    const created = `${inSentence(user.name)} is created`;
    const words = isShown === false ? `${created}, but does not match the filter` : created;
    toasts.confirm(words, { about: newUserKey });
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of everything inside
    <div
      ref={ref}
      className={styles.editor}
      tabIndex={-1}
      onFocus={keptFocus.onFocus}
      onBlur={keptFocus.onBlur}
      onKeyDown={(event) => {
        if (event.defaultPrevented) return;
        if (event.key === 'Escape') {
          event.preventDefault();
          if (leaving.isAsked) leaving.stay();
          else close();
        } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
          event.preventDefault();
          void create();
        }
      }}
    >
      <header className={styles.titleBar}>
        <h2 className={styles.title}>New user</h2>
        <IconButton label="Close" icon={<CloseIcon />} onClick={close} />
      </header>
      <form
        id={formId}
        className={styles.scroll}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <NewUserSections form={controlsOf(editor, access, leaving.stay)} opened={opened} onOpenedChange={setOpened} />
      </form>
      <CreateBar
        formId={formId}
        list={list}
        isCreating={editor.isCreating}
        problem={editor.problem}
        general={editor.errors.general}
        isLeaving={leaving.isAsked}
        onCancel={close}
        onStay={leaving.stay}
        onLeave={() => {
          editor.discard();
          onClose();
        }}
      />
    </div>
  );
}

function controlsOf(
  { values, errors, change }: ReturnType<typeof useNewUser>,
  access: Access,
  onEdit: () => void,
): FormControls {
  return {
    values,
    errors,
    change(patch) {
      onEdit();
      change(patch);
    },
    isReadOnly: () => false,
    mayGive: access.mayGive,
    isChanged: () => false,
    notice: () => null,
  };
}

function filledSections(values: UserFormValues): ReadonlySet<string> {
  return new Set([
    ...(filledLines(values).length > 0 ? ['address'] : []),
    ...(values.metadata.length > 0 ? ['metadata'] : []),
  ]);
}

function sectionOf(field: string): string {
  if (field.startsWith('address')) return 'address';
  return field.startsWith('metadata') || field.startsWith('row:') ? 'metadata' : '';
}
