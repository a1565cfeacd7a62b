import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { Leaf } from '@roster/proto/mask-paths';
import { leafLabel, leafText } from '../../../lib/user-words.ts';
import { Button } from '../../../ui/button.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import styles from './contested-notice.module.css';
import type { Attribution, Settled } from './draft.ts';

export interface ContestedNoticeProps {
  readonly leaf: Leaf;
  readonly base: User;
  readonly theirs: User;
  readonly mine: User;
  readonly attribution: Attribution | undefined;
  readonly onChoose: (choice: 'mine' | 'theirs') => void;
}

/** Says below a field who changed it meanwhile and to what, and lets the person choose; no dialog. */
export function ContestedNotice({ leaf, base, theirs, mine, attribution, onChoose }: ContestedNoticeProps) {
  const label = leafLabel(leaf);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
    <div role="group" aria-label={`${label} was changed by someone else`} className={styles.notice}>
      <p className={styles.who} role="status">
        <bdi className={styles.actor}>{attribution?.actor || 'Someone else'}</bdi> changed this{' '}
        {attribution?.changedAt !== undefined && <RelativeTime at={attribution.changedAt} />}
      </p>
      <dl className={styles.values}>
        <Value term="Before" text={leafText(base, leaf)} />
        <Value term="Theirs" text={leafText(theirs, leaf)} />
        <Value term="Mine" text={leafText(mine, leaf)} />
      </dl>
      <div className={styles.actions}>
        <Button size="small" aria-label={`Keep mine: ${label}`} onClick={() => onChoose('mine')}>
          Keep mine
        </Button>
        <Button size="small" aria-label={`Take theirs: ${label}`} onClick={() => onChoose('theirs')}>
          Take theirs
        </Button>
      </div>
    </div>
  );
}

/** Says below a field that holds the focus, and in which nothing was typed, what it becomes: nothing changes under the caret. */
export function WaitingNotice({
  leaf,
  theirs,
  attribution,
}: Pick<ContestedNoticeProps, 'leaf' | 'theirs' | 'attribution'>) {
  return (
    <p className={styles.waiting} role="status">
      <bdi>{attribution?.actor || 'Someone else'}</bdi> changed this to <bdi>{leafText(theirs, leaf) ?? 'nothing'}</bdi>
      . It appears when you leave the field.
    </p>
  );
}

/** What was chosen, with the way back. */
export function SettledNotice(props: {
  readonly settled: Settled;
  readonly onChoose: (choice: 'mine' | 'theirs') => void;
}) {
  const { leaf, choice, theirs, mine } = props.settled;
  const other = choice === 'mine' ? 'theirs' : 'mine';
  const otherText = leafText(choice === 'mine' ? theirs : mine, leaf);
  return (
    <p className={styles.settled} role="status">
      <span className={styles.settledWords}>
        {choice === 'mine' ? 'Yours is kept. Theirs: ' : 'Theirs is taken. Yours: '}
        <bdi>{otherText ?? 'nothing'}</bdi>
      </span>
      <button
        type="button"
        className={styles.link}
        aria-label={`${choice === 'mine' ? 'Take theirs' : 'Keep mine'}: ${leafLabel(leaf)}`}
        onClick={() => props.onChoose(other)}
      >
        {choice === 'mine' ? 'Take theirs' : 'Keep mine'}
      </button>
    </p>
  );
}

function Value({ term, text }: { readonly term: string; readonly text: string | undefined }) {
  return (
    <div className={styles.value}>
      <dt>{term}</dt>
      <dd dir="auto">{text ?? <span className={styles.none}>Nothing</span>}</dd>
    </div>
  );
}
