import { type Ref, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { CloseIcon, HelpIcon, SearchIcon, WarningIcon } from '../../../ui/icons.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import { Popover } from '../../../ui/popover.tsx';
import styles from './filter-box.module.css';
import { type FilterError, spanIn } from './filter-error.ts';
import { FilterHelp } from './filter-help.tsx';
import { markPlace } from './mark-place.ts';

export interface FilterBoxProps {
  /** The filter that the list shows. */
  readonly filter: string;
  readonly error: FilterError | undefined;
  /** `isSameVisit`: more of what was begun since the box got the focus; one step back leads before all of it. */
  readonly onChange: (filter: string, options: { readonly isSameVisit: boolean }) => void;
  /** The person is done here: the rows get the focus. */
  readonly onLeave: () => void;
  readonly ref: Ref<{ focus(): void }>;
}

/** The list follows what is typed after a pause of so long. */
const pauseMs = 250;

/** The filter, in the language of the server, with the server's word on it below. */
export function FilterBox({ filter, error, onChange, onLeave, ref }: FilterBoxProps) {
  const id = useId();
  const inputRef = useRef<HTMLInputElement>(null);
  const [text, setText] = useTextFollowing(filter);
  const hasBegun = useRef(false);
  const isAsked = text.trim() === filter;

  useImperativeHandle(ref, () => ({ focus: () => inputRef.current?.select() }), []);
  useEffect(() => {
    if (isAsked) return;
    const timer = setTimeout(() => {
      onChange(text.trim(), { isSameVisit: hasBegun.current });
      hasBegun.current = true;
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, isAsked, onChange]);

  const set = (next: string) => {
    setText(next);
    onChange(next.trim(), { isSameVisit: hasBegun.current });
    hasBegun.current = false;
  };
  const shownError = isAsked ? error : undefined;
  return (
    <search className={styles.box}>
      <div className={styles.line} data-invalid={shownError !== undefined || undefined}>
        <SearchIcon />
        <input
          ref={inputRef}
          id={id}
          type="text"
          dir="auto"
          className={styles.input}
          aria-label="Filter people"
          aria-invalid={shownError !== undefined || undefined}
          aria-describedby={shownError ? `${id}-error` : undefined}
          aria-keyshortcuts="/"
          placeholder="Search, or filter like role = ADMIN AND created_at > 2024-01-01"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={() => {
            hasBegun.current = false;
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'Enter') set(text);
            else if (event.key === 'Escape' && text) set('');
            else if (event.key === 'Escape' || event.key === 'ArrowDown') onLeave();
            else return;
            event.preventDefault();
          }}
        />
        {text ? (
          <IconButton label="Clear the filter" icon={<CloseIcon />} size="small" onClick={() => set('')} />
        ) : (
          <span className={styles.key}>
            <Kbd>/</Kbd>
          </span>
        )}
        <Popover label="How to filter" trigger={{ kind: 'icon', icon: <HelpIcon />, size: 'small' }} width={560}>
          {(close) => (
            <FilterHelp
              onUse={(example) => {
                close();
                set(example);
              }}
            />
          )}
        </Popover>
      </div>
      {shownError && <FilterMistake id={`${id}-error`} error={shownError} inputRef={inputRef} />}
    </search>
  );
}

interface MistakeProps {
  readonly id: string;
  readonly error: FilterError;
  readonly inputRef: { readonly current: HTMLInputElement | null };
}

/** The server's words, below a mark at the place they speak of; a press puts the caret there. */
function FilterMistake({ id, error, inputRef }: MistakeProps) {
  const markRef = useRef<HTMLSpanElement>(null);
  const { place } = error;
  useEffect(() => {
    const [input, mark] = [inputRef.current, markRef.current];
    return place && input && mark ? markPlace(input, spanIn(input.value, place), mark) : undefined;
  }, [place, inputRef]);
  return (
    <div className={styles.mistake}>
      {place && <span ref={markRef} aria-hidden="true" className={styles.mark} />}
      <WarningIcon />
      <p id={id} role="alert">
        {error.message}
      </p>
      {place && (
        <button
          type="button"
          className={styles.goTo}
          onClick={() => {
            const input = inputRef.current;
            if (!input) return;
            const { start, end } = spanIn(input.value, place);
            input.focus();
            input.setSelectionRange(start, end);
          }}
        >
          Show me
        </button>
      )}
    </div>
  );
}

/** What is typed; another filter from outside (a chip, the way back) takes its place. */
function useTextFollowing(filter: string): [string, (text: string) => void] {
  const [text, setText] = useState(filter);
  const [followed, setFollowed] = useState(filter);
  if (filter !== followed) {
    setFollowed(filter);
    if (text.trim() !== filter) setText(filter);
  }
  return [text, setText];
}
