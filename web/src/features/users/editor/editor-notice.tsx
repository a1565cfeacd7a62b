import { choose } from './conflict.ts';
import { ContestedNotice, SettledNotice, WaitingNotice } from './contested-notice.tsx';
import { contestedOf, type Draft } from './draft.ts';
import { toUser } from './user-form.ts';

export interface EditorNoticeProps {
  readonly draft: Draft;
  readonly path: string;
  readonly onStep: (next: (draft: Draft) => Draft) => void;
  /** The buttons have gone: the focus belongs to the field. */
  readonly onChosen: (path: string) => void;
}

/** What stands below a field that somebody else changed: the choice, what was chosen, or what waits for the field to be left. */
export function EditorNotice({ draft, path, onStep, onChosen }: EditorNoticeProps) {
  function onChoose(choice: 'mine' | 'theirs'): void {
    onStep((current) => choose(current, path, choice));
    onChosen(path);
  }
  const contested = contestedOf(draft).find((field) => field.path === path);
  if (contested) {
    const { leaf, attribution, isMineChanged } = contested;
    if (!isMineChanged) return <WaitingNotice leaf={leaf} theirs={draft.remote} attribution={attribution} />;
    const users = { base: draft.base, theirs: draft.remote, mine: toUser(draft.values) };
    return <ContestedNotice leaf={leaf} attribution={attribution} onChoose={onChoose} {...users} />;
  }
  const settled = draft.settled.get(path);
  return settled ? <SettledNotice settled={settled} onChoose={onChoose} /> : null;
}
