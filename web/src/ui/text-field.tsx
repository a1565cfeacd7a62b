import { type ClipboardEvent, type ComponentPropsWithRef, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { FieldFrame, type FieldFrameProps, fieldAttributes } from './field.tsx';

type Native<Tag extends 'input' | 'textarea'> = Omit<
  ComponentPropsWithRef<Tag>,
  'value' | 'onChange' | 'id' | 'required'
>;

export interface TextFieldProps extends FieldFrameProps, Native<'input'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isMono?: boolean;
}

/**
 * One line of text. The value is never cut or changed; limits are the server's to say. Only what is pasted with tabs and line breaks, as from a table,
 * gets spaces for them.
 */
export function TextField(props: TextFieldProps) {
  const { label, isLabelHidden, description, error, note, isRequired, isMono, onChange, className, ...native } = props;
  const id = useId();
  const frame = { label, isLabelHidden, description, error, note, isRequired };
  return (
    <FieldFrame id={id} {...frame}>
      <input
        type="text"
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        {...native}
        {...fieldAttributes(id, frame)}
        className={classNames(styles.control, isMono && styles.mono, className)}
        onChange={(event) => onChange(event.currentTarget.value)}
        onPaste={(event) => pasteAsLine(event, onChange)}
      />
    </FieldFrame>
  );
}

function pasteAsLine(event: ClipboardEvent<HTMLInputElement>, onChange: (value: string) => void): void {
  const text = event.clipboardData.getData('text');
  const input = event.currentTarget;
  if (!/[\t\r\n]/u.test(text) || input.readOnly) return;
  event.preventDefault();
  const line = text.trim().replace(/\s*[\t\r\n]\s*/gu, ' ');
  input.setRangeText(line, input.selectionStart ?? 0, input.selectionEnd ?? input.value.length, 'end');
  onChange(input.value);
}

export interface TextAreaProps extends FieldFrameProps, Native<'textarea'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isMono?: boolean;
}

/** Several lines of text. */
export function TextArea(props: TextAreaProps) {
  const { label, isLabelHidden, description, error, note, isRequired, isMono, onChange, className, ...native } = props;
  const id = useId();
  const frame = { label, isLabelHidden, description, error, note, isRequired };
  return (
    <FieldFrame id={id} {...frame}>
      <textarea
        dir="auto"
        rows={3}
        spellCheck={false}
        {...native}
        {...fieldAttributes(id, frame)}
        className={classNames(styles.control, isMono && styles.mono, className)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </FieldFrame>
  );
}
