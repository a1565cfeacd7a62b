import { useId } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ChevronDownIcon } from '../../../ui/icons.tsx';
import { Popover } from '../../../ui/popover.tsx';
import styles from './chips.module.css';

export interface ChoiceChipProps<Value extends string> {
  readonly title: string;
  readonly value: Value | undefined;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  /** What to call a value that is none of the options. */
  readonly labelOf?: (value: Value) => string;
  readonly onChange: (value: Value | undefined) => void;
}

/** Narrows the list by one of a few values. */
export function ChoiceChip<Value extends string>(props: ChoiceChipProps<Value>) {
  const { title, value, options, labelOf = String, onChange } = props;
  const name = useId();
  const chosen = options.find((option) => option.value === value)?.label ?? (value && labelOf(value));
  return (
    <Popover label={`Filter by ${title.toLowerCase()}`} width={200} trigger={chipTrigger(title, chosen)}>
      {(close) => (
        <div className={styles.choices} role="radiogroup" aria-label={title}>
          {options.map((option) => (
            <label key={option.value} className={styles.choice}>
              <input
                type="radio"
                name={name}
                className={styles.radio}
                checked={option.value === value}
                onChange={() => onChange(option.value)}
              />
              {option.label}
            </label>
          ))}
          {value !== undefined && (
            <ClearButton
              words={`Any ${title.toLowerCase()}`}
              onClear={() => {
                close();
                onChange(undefined);
              }}
            />
          )}
        </div>
      )}
    </Popover>
  );
}

export function chipTrigger(title: string, chosen: string | undefined) {
  return {
    children: chosen === undefined ? title : `${title}: ${chosen}`,
    trailing: <ChevronDownIcon />,
    variant: 'secondary',
    className: chosen === undefined ? styles.chip : styles.chosen,
  } as const;
}

export function ClearButton({ words, onClear }: { readonly words: string; readonly onClear: () => void }) {
  return (
    <Button size="small" variant="quiet" className={styles.clear} onClick={onClear}>
      {words}
    </Button>
  );
}
