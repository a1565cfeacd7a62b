import type { ReactNode } from 'react';
import styles from './field.module.css';
import { WarningIcon } from './icons.tsx';

export interface FieldFrameProps {
  readonly label: string;
  /** Keeps the label for screen readers alone. */
  readonly isLabelHidden?: boolean | undefined;
  readonly description?: ReactNode | undefined;
  /** What is wrong with the value; takes the place of the description. */
  readonly error?: string | undefined;
  /** Something to say at the label's end, for example "Changed". */
  readonly note?: ReactNode;
  readonly isRequired?: boolean | undefined;
  /** Stands close below the control, for example a measure of it. */
  readonly below?: ReactNode;
}

/** The attributes by which a control of a field is tied to its label, description and error. */
export function fieldAttributes(id: string, { description, error, isRequired }: Omit<FieldFrameProps, 'label'>) {
  const describedBy = error ? `${id}-error` : description ? `${id}-description` : undefined;
  return {
    id,
    'aria-labelledby': `${id}-label`,
    'aria-describedby': describedBy,
    'aria-invalid': error ? true : undefined,
    'aria-required': isRequired || undefined,
  } as const;
}

/** Label above, control, and below it one line: the error or else the description. */
export function FieldFrame({ id, children, ...props }: FieldFrameProps & { id: string; children: ReactNode }) {
  const { label, isLabelHidden, description, error, note, isRequired, below } = props;
  return (
    <div className={styles.field}>
      <div className={isLabelHidden ? 'visually-hidden' : styles.head}>
        <label id={`${id}-label`} htmlFor={id} className={styles.label}>
          {label}
        </label>
        {isRequired && <span className={styles.note}>Required</span>}
        {note && <span className={styles.note}>{note}</span>}
      </div>
      {children}
      {below}
      {error ? (
        <p id={`${id}-error`} className={styles.error} role="alert">
          <WarningIcon />
          <span>{error}</span>
        </p>
      ) : (
        description && (
          <p id={`${id}-description`} className={styles.description}>
            {description}
          </p>
        )
      )}
    </div>
  );
}
