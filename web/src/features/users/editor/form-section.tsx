import { type ReactNode, useId } from 'react';
import { classNames } from '../../../ui/class-names.ts';
import { ChevronRightIcon } from '../../../ui/icons.tsx';
import styles from './fields.module.css';

export interface FormSectionProps {
  readonly title: string;
  /** Keeps the heading for screen readers alone. */
  readonly isTitleHidden?: boolean;
  readonly children: ReactNode;
}

/** A part of a form under its heading. */
export function FormSection({ title, isTitleHidden = false, children }: FormSectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h3 id={id} className={isTitleHidden ? 'visually-hidden' : styles.heading}>
        {title}
      </h3>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}

/** A part that one may leave out, folded at first. Opened from outside when something in it is at fault. */
export function FoldedSection(props: {
  readonly title: string;
  /** Said beside the title while folded. */
  readonly summary: string;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly children: ReactNode;
}) {
  const { title, summary, isOpen, onToggle, children } = props;
  const id = useId();
  return (
    <section className={classNames(styles.section, styles.folded)} aria-labelledby={id}>
      <h3 className={styles.heading}>
        <button
          id={id}
          type="button"
          aria-expanded={isOpen}
          className={styles.toggle}
          onClick={() => onToggle(!isOpen)}
        >
          <ChevronRightIcon />
          {title}
          {!isOpen && <span className={styles.summary}>{summary}</span>}
        </button>
      </h3>
      {isOpen && <div className={styles.fields}>{children}</div>}
    </section>
  );
}
