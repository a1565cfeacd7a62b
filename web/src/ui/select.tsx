import { useId } from 'react';
import { Select as AriaSelect, Button, ListBox, ListBoxItem, Popover, SelectValue, Text } from 'react-aria-components';
import { classNames } from './class-names.ts';
import { usePortal } from './dialog-element.ts';
import styles from './field.module.css';
import { FieldFrame, type FieldFrameProps } from './field.tsx';
import { CheckIcon, ChevronDownIcon } from './icons.tsx';
import menuStyles from './menu.module.css';

export interface SelectOption<Value extends string | number> {
  readonly value: Value;
  readonly label: string;
  readonly description?: string;
}

export interface SelectProps<Value extends string | number> extends FieldFrameProps {
  /** Undefined: nothing chosen yet. */
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
  readonly options: readonly SelectOption<Value>[];
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
}

/** One of a few choices, in a list that opens. */
export function Select<Value extends string | number>(props: SelectProps<Value>) {
  const { value, onChange, options, placeholder = 'Choose', isDisabled = false, autoFocus = false, ...frame } = props;
  const id = useId();
  const portal = usePortal();
  const chosen = options.find((option) => option.value === value);
  return (
    <AriaSelect
      aria-labelledby={`${id}-label`}
      value={value ?? null}
      isDisabled={isDisabled}
      autoFocus={autoFocus}
      isInvalid={frame.error !== undefined}
      onChange={(key) => {
        const option = options.find((candidate) => candidate.value === key);
        if (option) onChange(option.value);
      }}
    >
      <FieldFrame id={id} {...frame}>
        <Button id={id} className={classNames(styles.control, styles.picker)} {...describedBy(id, frame)}>
          <SelectValue>{() => chosen?.label ?? <span className={styles.placeholder}>{placeholder}</span>}</SelectValue>
          <ChevronDownIcon />
        </Button>
      </FieldFrame>
      <Popover {...portal} className={classNames(menuStyles.popover, menuStyles.asWideAsTrigger)} offset={4}>
        <ListBox className={classNames(styles.list)} items={options.map((option) => ({ id: option.value, ...option }))}>
          {(option) => (
            <ListBoxItem id={option.value} textValue={option.label} className={classNames(menuStyles.item)}>
              {({ isSelected }) => (
                <>
                  <span className={menuStyles.mark}>{isSelected && <CheckIcon />}</span>
                  <span className={menuStyles.words}>
                    <Text slot="label">{option.label}</Text>
                    {option.description && (
                      <Text slot="description" className={classNames(menuStyles.description)}>
                        {option.description}
                      </Text>
                    )}
                  </span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

function describedBy(id: string, { error, description }: FieldFrameProps) {
  if (error) return { 'aria-describedby': `${id}-error`, 'data-invalid': true };
  return description ? { 'aria-describedby': `${id}-description` } : {};
}
