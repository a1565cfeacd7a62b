import type { ReactNode } from 'react';
import { Chip } from '../../../ui/chip.tsx';
import styles from './diff-list.module.css';
import type { FieldDiff } from './field-diffs.ts';

/** Fields with what they held before and after: what went begins with a minus, what came with a plus. */
export function DiffList({ diffs, label }: { readonly diffs: readonly FieldDiff[]; readonly label: string }) {
  return (
    <dl aria-label={label} className={styles.list}>
      {diffs.map((diff) => (
        <div key={diff.path} className={styles.field}>
          <dt className={styles.label} dir="auto">
            {diff.label}
          </dt>
          <dd className={styles.values}>{diff.tags ? <Tags {...diff.tags} /> : <Values diff={diff} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function Values({ diff: { before, after } }: { readonly diff: FieldDiff }) {
  return (
    <>
      {before !== undefined && (
        <Line kind="gone">
          <del dir="auto">{before}</del>
        </Line>
      )}
      {after !== undefined && (
        <Line kind="come">
          <ins dir="auto">{after}</ins>
        </Line>
      )}
      {before === undefined && after === undefined && <span className={styles.nothing}>Nothing</span>}
    </>
  );
}

function Line({ kind, children }: { readonly kind: 'gone' | 'come'; readonly children: ReactNode }) {
  return (
    <span className={styles.line} data-kind={kind}>
      <Sign kind={kind} />
      {children}
    </span>
  );
}

function Sign({ kind }: { readonly kind: 'gone' | 'come' }) {
  return (
    <>
      <span aria-hidden="true" className={styles.sign}>
        {kind === 'gone' ? '−' : '+'}
      </span>
      <span className="visually-hidden">{kind === 'gone' ? 'Before: ' : 'After: '}</span>
    </>
  );
}

function Tags({ added, removed, kept }: NonNullable<FieldDiff['tags']>) {
  return (
    <ul className={styles.tags}>
      {removed.map((tag) => (
        <li key={`-${tag}`} className={styles.tag} data-kind="gone">
          <Sign kind="gone" />
          <del dir="auto">{tag}</del>
        </li>
      ))}
      {added.map((tag) => (
        <li key={`+${tag}`} className={styles.tag} data-kind="come">
          <Sign kind="come" />
          <ins dir="auto">{tag}</ins>
        </li>
      ))}
      {kept.map((tag) => (
        <li key={tag}>
          <Chip>{tag}</Chip>
        </li>
      ))}
    </ul>
  );
}
