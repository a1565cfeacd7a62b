import type { ReactNode } from 'react';
import styles from './ask.module.css';
import { Button } from './button.tsx';

export interface AskProps {
  /** What is asked, as a question. */
  readonly question: string;
  /** What it means to go on. */
  readonly children?: ReactNode;
  /** The words of the button that goes on, verb first. */
  readonly action: string;
  readonly keep?: string;
  readonly isBusy?: boolean;
  readonly onAct: () => void;
  readonly onKeep: () => void;
}

/** Asks in place before something that cannot be taken back; no dialog. The focus goes to the way back. */
export function Ask({ question, children, action, keep = 'Cancel', isBusy = false, onAct, onKeep }: AskProps) {
  return (
    <div
      role="alertdialog"
      aria-label={question}
      className={styles.ask}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onKeep();
      }}
    >
      <div className={styles.words}>
        <p className={styles.question}>{question}</p>
        {children && <div className={styles.meaning}>{children}</div>}
      </div>
      <div className={styles.actions}>
        <Button size="small" variant="quiet" autoFocus onClick={onKeep}>
          {keep}
        </Button>
        <Button size="small" variant="danger" isBusy={isBusy} onClick={onAct}>
          {action}
        </Button>
      </div>
    </div>
  );
}
