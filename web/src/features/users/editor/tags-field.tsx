import { type ClipboardEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { FieldFrame, fieldAttributes } from '../../../ui/field.tsx';
import { CloseIcon } from '../../../ui/icons.tsx';
import { FieldSlot, fieldState } from './field-slot.tsx';
import type { FormControls } from './form-controls.ts';
import styles from './tags-field.module.css';

/** The tags of a user: each with a button that removes it, and a box that adds one at Enter, at a comma or when it is left. */
export function TagsField({ form }: { readonly form: FormControls }) {
  const id = useId();
  const inputRef = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const { tags } = form.values;
  const { note, error } = fieldState(form, 'tags');
  const frame = { label: 'Tags', note, error: [error, ...tagErrors(form)].filter(Boolean).join(' ') || undefined };

  function add(text: string): void {
    const added = text.split(/[,\t\r\n]/u).map((tag) => tag.trim());
    const all = [...new Set([...tags, ...added.filter((tag) => tag !== '')])];
    if (all.length > tags.length) form.change({ tags: all });
    setTyped('');
  }
  function remove(index: number): void {
    form.change({ tags: tags.filter((_, i) => i !== index) });
    inputRef.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's';
    if ((event.key === 'Enter' || event.key === ',') && !event.nativeEvent.isComposing) {
      // In an empty box Enter stays the form's own.
      if (event.key === ',' || typed.trim() !== '') event.preventDefault();
      add(typed);
    } else if (isSave || event.key === 'Escape') add(typed);
    else if (event.key === 'Backspace' && typed === '' && tags.length > 0) remove(tags.length - 1);
  }
  function onPaste(event: ClipboardEvent<HTMLInputElement>): void {
    const text = event.clipboardData.getData('text');
    if (!/[,\t\r\n]/u.test(text)) return;
    event.preventDefault();
    add(`${typed}${text}`);
  }

  return (
    <FieldSlot form={form} field="tags">
      <FieldFrame id={id} {...frame}>
        <div
          className={styles.box}
          data-readonly={form.isReadOnly('tags') || undefined}
          data-invalid={frame.error ? true : undefined}
        >
          {tags.map((tag, index) => (
            <span
              key={tag}
              className={styles.tag}
              data-invalid={form.errors.byField.has(`tags[${index}]`) || undefined}
            >
              <bdi className={styles.words}>{tag}</bdi>
              {!form.isReadOnly('tags') && (
                <button type="button" aria-label={`Remove tag ${tag}`} onClick={() => remove(index)}>
                  <CloseIcon />
                </button>
              )}
            </span>
          ))}
          {!form.isReadOnly('tags') && (
            <input
              ref={inputRef}
              {...fieldAttributes(id, frame)}
              className={styles.input}
              value={typed}
              dir="auto"
              autoComplete="off"
              placeholder={tags.length === 0 ? 'Add tags' : ''}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
              onBlur={() => add(typed)}
            />
          )}
        </div>
      </FieldFrame>
    </FieldSlot>
  );
}

function tagErrors({ values, errors }: FormControls): readonly string[] {
  return values.tags.flatMap((tag, index) => {
    const error = errors.byField.get(`tags[${index}]`);
    return error ? [`“${inSentence(tag, 24)}”: ${error}`] : [];
  });
}
