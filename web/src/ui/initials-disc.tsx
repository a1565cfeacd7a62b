import { memo } from 'react';
import { initialsOf } from '../lib/initials.ts';
import styles from './initials-disc.module.css';

/** A quiet disc with the initials of a name. Silent: the name stands beside it. */
export const InitialsDisc = memo(function InitialsDisc({
  name,
  size = 20,
}: {
  readonly name: string;
  readonly size?: 20 | 24 | 40;
}) {
  return (
    <span aria-hidden="true" className={styles.disc} data-size={size}>
      {initialsOf(name)}
    </span>
  );
});
