import { useId } from 'react';
import { Checkbox } from '../../ui/checkbox.tsx';
import { WarningIcon } from '../../ui/icons.tsx';
import styles from './new-token-sheet.module.css';
import { scopeChoices } from './token-words.ts';

export interface ScopesFieldProps {
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  readonly error: string | undefined;
}

/** What a token may be used for. */
export function ScopesField({ value, onChange, error }: ScopesFieldProps) {
  const errorId = useId();
  return (
    <fieldset className={styles.scopes} aria-describedby={error ? errorId : undefined}>
      <legend className={styles.legend}>May</legend>
      {scopeChoices.map(({ scope, label, description }) => (
        <Checkbox
          key={scope}
          label={label}
          description={description}
          isChecked={value.includes(scope)}
          isInvalid={error !== undefined}
          onChange={(isChecked) => onChange(isChecked ? [...value, scope] : value.filter((each) => each !== scope))}
        />
      ))}
      {error && (
        <p id={errorId} className={styles.error} role="alert">
          <WarningIcon />
          {error}
        </p>
      )}
    </fieldset>
  );
}
