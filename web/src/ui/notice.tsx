import type { ReactNode } from 'react';
import { CheckIcon, InfoIcon, WarningIcon } from './icons.tsx';
import styles from './notice.module.css';

export type NoticeTone = 'plain' | 'good' | 'warn' | 'bad';

export interface NoticeProps {
  readonly tone?: NoticeTone;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** Something that is said where it belongs: a word and a shape, no dialog. What is wrong is spoken at once. */
export function Notice({ tone = 'plain', children, actions }: NoticeProps) {
  return (
    <div role={tone === 'bad' ? 'alert' : 'status'} className={styles.notice} data-tone={tone}>
      {tone === 'good' ? <CheckIcon /> : tone === 'plain' ? <InfoIcon /> : <WarningIcon />}
      <div className={styles.words}>{children}</div>
      {actions}
    </div>
  );
}
