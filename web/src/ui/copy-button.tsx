import { useEffect, useState } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';

export interface CopyButtonProps extends Pick<ButtonProps, 'variant' | 'size'> {
  readonly text: string;
  /** What is copied, for screen readers. */
  readonly label: string;
}

/** Copies a text, and says so in its own place. */
export function CopyButton({ text, label, ...look }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <Button
      {...look}
      icon={state === 'copied' ? <CheckIcon /> : <CopyIcon />}
      onClick={() =>
        // A page that is not secure has no clipboard.
        Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
          () => setState('copied'),
          () => setState('failed'),
        )
      }
    >
      <span aria-live="polite">{state === 'copied' ? 'Copied' : state === 'failed' ? 'Copy it by hand' : 'Copy'}</span>
      <span className="visually-hidden"> {label}</span>
    </Button>
  );
}
