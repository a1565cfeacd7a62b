import { useEffect, useState } from 'react';
import styles from './copy-chip.module.css';
import { CheckIcon, CopyIcon } from './icons.tsx';

/** An id or other wire text that a press copies. */
export function CopyChip({
  text,
  label,
  shown,
}: {
  readonly text: string;
  readonly label: string;
  readonly shown?: string;
}) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      className={styles.chip}
      data-tip={text}
      onClick={() =>
        navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      <span className="visually-hidden">{isCopied ? `Copied ${label}` : `Copy ${label}`}</span>
      <span>{shown ?? text}</span>
      {isCopied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
