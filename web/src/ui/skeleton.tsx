import styles from './skeleton.module.css';

/** A quiet bar in the place of text that is on its way. Silent: whoever shows it says once that something loads. */
export function Skeleton({ width, height = 8 }: { readonly width: number | string; readonly height?: number }) {
  return <span aria-hidden="true" className={styles.bar} style={{ width, height }} />;
}
