import { CopyButton } from './copy-button.tsx';
import styles from './secret-field.module.css';
import { TextArea } from './text-field.tsx';

export interface SecretFieldProps {
  readonly label: string;
  readonly text: string;
  readonly description?: string;
}

/** Something that is shown this once, to be copied. */
export function SecretField({ label, text, description }: SecretFieldProps) {
  return (
    <div className={styles.secret}>
      <TextArea
        label={label}
        value={text}
        onChange={() => undefined}
        readOnly
        isMono
        rows={2}
        dir="ltr"
        className={styles.text}
        description={description}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton text={text} label={label} />
    </div>
  );
}
