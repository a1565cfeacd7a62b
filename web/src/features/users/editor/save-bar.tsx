import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import styles from './save-bar.module.css';

export interface SaveBarProps {
  /** The form that the button submits. */
  readonly formId: string;
  readonly changeCount: number;
  readonly isSaving: boolean;
  /** False where the person may not save any more; then they can only discard. */
  readonly maySave: boolean;
  /** What stands in the way, above the bar. */
  readonly problem: ReactNode;
  /** The person is about to leave with changes. */
  readonly isLeaving: boolean;
  readonly onDiscard: () => void;
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/** The one bar of an edit: how much has changed, save, discard. It also asks, in place, before changes are left behind. */
export function SaveBar(props: SaveBarProps) {
  const { changeCount, isSaving, maySave, problem, isLeaving } = props;
  const changes = changeCount === 1 ? '1 change' : `${changeCount} changes`;
  return (
    <footer className={styles.foot}>
      {problem}
      {isLeaving ? (
        <div key="leaving" className={styles.bar} role="alertdialog" aria-label={`Discard ${changes}?`}>
          <p className={styles.words}>Discard {changes}?</p>
          <Button variant="quiet" autoFocus onClick={props.onStay}>
            Keep editing
          </Button>
          <Button variant="danger" onClick={props.onLeave}>
            Discard {changes}
          </Button>
        </div>
      ) : (
        <div className={styles.bar}>
          <p className={styles.words} role="status">
            {changes}
          </p>
          <Button variant="quiet" disabled={isSaving} onClick={props.onDiscard}>
            Discard
          </Button>
          {maySave && (
            <Button
              type="submit"
              form={props.formId}
              variant="primary"
              isBusy={isSaving}
              data-tip="Save"
              data-tip-keys="Ctrl S"
            >
              {isSaving ? 'Saving' : 'Save'}
            </Button>
          )}
        </div>
      )}
    </footer>
  );
}
