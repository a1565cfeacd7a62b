import type { AppError } from '../../../rpc/app-error.ts';
import { Button } from '../../../ui/button.tsx';
import type { UserList } from '../list/user-list.ts';
import { SaveFailure } from './problem-message.tsx';
import styles from './save-bar.module.css';

export interface CreateBarProps {
  readonly formId: string;
  readonly list: UserList;
  readonly isCreating: boolean;
  readonly problem: AppError | undefined;
  /** Violations that belong to no field of the form. */
  readonly general: readonly string[];
  readonly isLeaving: boolean;
  readonly onCancel: () => void;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}

/** The bar of the form for a new user; it asks, in place, before what was typed is thrown away. */
export function CreateBar(props: CreateBarProps) {
  const { problem, general } = props;
  return (
    <footer className={styles.foot}>
      <SaveFailure error={problem} general={general} list={props.list} />
      {props.isLeaving ? (
        <div key="leaving" className={styles.bar} role="alertdialog" aria-label="Discard this new user?">
          <p className={styles.words}>Discard this new user?</p>
          <Button variant="quiet" autoFocus onClick={props.onStay}>
            Keep editing
          </Button>
          <Button variant="danger" onClick={props.onLeave}>
            Discard
          </Button>
        </div>
      ) : (
        <div className={styles.bar}>
          <p className={styles.words} />
          <Button variant="quiet" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button type="submit" form={props.formId} variant="primary" isBusy={props.isCreating}>
            Create user
          </Button>
        </div>
      )}
    </footer>
  );
}
