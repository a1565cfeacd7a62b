import { type ReactNode, useId } from 'react';
import styles from './checkbox.module.css';

export interface CheckboxProps {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly isDisabled?: boolean;
  /** It is at fault, alone or with those beside it, as is said elsewhere. */
  readonly isInvalid?: boolean;
  readonly description?: string;
}

/** A native checkbox with its label. */
export function Checkbox({
  label,
  isChecked,
  onChange,
  isDisabled = false,
  isInvalid = false,
  description,
}: CheckboxProps) {
  const id = useId();
  return (
    <label className={styles.line}>
      <input
        type="checkbox"
        className={styles.box}
        checked={isChecked}
        disabled={isDisabled}
        aria-invalid={isInvalid || undefined}
        aria-describedby={description ? id : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span className={styles.words}>
        {label}
        {description && (
          <span id={id} className={styles.description}>
            {description}
          </span>
        )}
      </span>
    </label>
  );
}
