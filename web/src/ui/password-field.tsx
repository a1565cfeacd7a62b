import { type ComponentPropsWithRef, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { FieldFrame, type FieldFrameProps, fieldAttributes } from './field.tsx';
import own from './password-field.module.css';
import { EyeIcon, EyeOffIcon } from './sign-in-icons.tsx';

export interface PasswordFieldProps
  extends FieldFrameProps,
    Omit<ComponentPropsWithRef<'input'>, 'value' | 'onChange' | 'id' | 'required' | 'type'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Tells password managers which it is. */
  readonly autoComplete: 'current-password' | 'new-password';
}

/** A password, hidden until one wants to see it. Never cut, trimmed or refused here. */
export function PasswordField(props: PasswordFieldProps) {
  const { label, isLabelHidden, description, error, note, isRequired, below, onChange, className, ...native } = props;
  const id = useId();
  const [isShown, setShown] = useState(false);
  const frame = { label, isLabelHidden, description, error, note, isRequired, below };
  return (
    <FieldFrame id={id} {...frame}>
      <div className={own.box}>
        <input
          spellCheck={false}
          autoCapitalize="off"
          {...native}
          {...fieldAttributes(id, frame)}
          type={isShown ? 'text' : 'password'}
          className={classNames(styles.control, own.input, className)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <button
          type="button"
          className={own.show}
          aria-label="Show the password"
          aria-pressed={isShown}
          data-tip={isShown ? 'Hide the password' : 'Show the password'}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? <EyeOffIcon /> : <EyeIcon />}
        </button>
      </div>
    </FieldFrame>
  );
}

export interface NewPasswordFieldProps {
  readonly label?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Is shown for as long as the value is the one that it was said of. */
  readonly error: string | undefined;
  /** The least number of characters, as the server counts them; undefined until that is known. */
  readonly lengthMin: number | undefined;
  readonly length: number;
  readonly autoFocus?: boolean;
}

/** A password that one makes up: length is all that is asked here, and the server says what else is wrong with it. */
export function NewPasswordField({ label = 'Password', length, lengthMin, ...props }: NewPasswordFieldProps) {
  const error = useErrorOf(props);
  const isLong = lengthMin !== undefined && length >= lengthMin && !error;
  return (
    <PasswordField
      {...props}
      label={label}
      error={error}
      autoComplete="new-password"
      description={lengthWords(length, lengthMin)}
      below={
        <div className={own.meter} data-long={isLong || undefined} aria-hidden="true">
          <span style={{ width: `${lengthMin ? Math.min(100, (length / lengthMin) * 100) : 0}%` }} />
        </div>
      }
    />
  );
}

/** The error of a value, which says nothing of another one. */
function useErrorOf({ value, error }: Pick<NewPasswordFieldProps, 'value' | 'error'>): string | undefined {
  const [judged, setJudged] = useState({ value, error });
  if (judged.error !== error) setJudged({ value, error });
  return judged.value === value ? error : undefined;
}

function lengthWords(length: number, lengthMin: number | undefined): string {
  if (lengthMin === undefined) return 'A few words that only you would put together are good.';
  if (length === 0) return `At least ${lengthMin} characters. A few words that only you would put together are good.`;
  return length < lengthMin ? `${length} of at least ${lengthMin} characters` : 'Long enough';
}
