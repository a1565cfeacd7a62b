import { formatLeaf, parseMaskPath } from '@roster/proto/mask-paths';
import { useRef } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CloseIcon, PlusIcon, WarningIcon } from '../../../ui/icons.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { fieldState } from './field-slot.tsx';
import styles from './fields.module.css';
import { type FormControls, focusField } from './form-controls.ts';
import { rowField } from './form-errors.ts';
import { type MetadataRow, nextRowId } from './user-form.ts';

/** The metadata of a user as rows of key and value. */
export function MetadataFields({
  form,
  missing,
}: {
  readonly form: FormControls;
  readonly missing: readonly string[];
}) {
  const ref = useRef<HTMLDivElement>(null);
  const rows = form.values.metadata;
  const error = form.errors.byField.get('metadata');
  function add(): void {
    const rowId = nextRowId(rows);
    form.change({ metadata: [...rows, { rowId, key: '', value: '' }] });
    requestAnimationFrame(() => focusField(ref.current, rowField(rowId)));
  }
  /** The focus goes to the row that takes its place, else to the one before. */
  function remove(removed: MetadataRow): void {
    const rest = rows.filter(({ rowId }) => rowId !== removed.rowId);
    const next = rest[Math.min(rows.indexOf(removed), rest.length - 1)];
    form.change({ metadata: rest });
    requestAnimationFrame(() => {
      if (next) focusField(ref.current, rowField(next.rowId));
      else ref.current?.querySelector('button')?.focus();
    });
  }
  return (
    <div ref={ref} data-field="metadata" className={styles.rows}>
      {rows.length === 0 && form.isReadOnly('metadata') && <p className={styles.none}>None</p>}
      {rows.map((row, index) => (
        <Row key={row.rowId} form={form} row={row} place={index + 1} onRemove={() => remove(row)} />
      ))}
      {missing.map((path) => (
        <div key={path} data-field={path}>
          <p className={styles.missing}>
            <bdi>{keyOf(path)}</bdi> has no entry here any more
          </p>
          {form.notice(path)}
        </div>
      ))}
      {error && (
        <p className={styles.error} role="alert">
          <WarningIcon />
          {error}
        </p>
      )}
      {!form.isReadOnly('metadata') && (
        <Button size="small" variant="quiet" icon={<PlusIcon />} className={styles.add} onClick={add}>
          Add entry
        </Button>
      )}
    </div>
  );
}

function keyOf(path: string): string {
  const leaf = parseMaskPath(path);
  return leaf && 'key' in leaf ? leaf.key : path;
}

interface RowProps {
  readonly form: FormControls;
  readonly row: MetadataRow;
  readonly place: number;
  readonly onRemove: () => void;
}

function Row({ form, row, place, onRemove }: RowProps) {
  const path = row.key === '' ? rowField(row.rowId) : formatLeaf({ field: 'metadata', key: row.key });
  const { note, error } = fieldState(form, path);
  const rows = form.values.metadata;
  function put(patch: Partial<MetadataRow>): void {
    form.change({ metadata: rows.map((each) => (each.rowId === row.rowId ? { ...each, ...patch } : each)) });
  }
  return (
    <div data-field={path} data-row={rowField(row.rowId)}>
      <div className={styles.row}>
        <TextField
          label={`Key ${place}`}
          isLabelHidden
          placeholder="Key"
          value={row.key}
          onChange={(key) => put({ key })}
          readOnly={form.isReadOnly('metadata')}
        />
        <TextField
          label={`Value ${place}`}
          isLabelHidden
          placeholder="Value"
          value={row.value}
          onChange={(value) => put({ value })}
          readOnly={form.isReadOnly('metadata')}
          note={note}
          error={error ?? form.errors.byField.get(rowField(row.rowId))}
        />
        {!form.isReadOnly('metadata') && (
          <IconButton
            label={row.key === '' ? `Remove entry ${place}` : `Remove ${row.key}`}
            icon={<CloseIcon />}
            onClick={onRemove}
          />
        )}
      </div>
      {form.notice(path)}
    </div>
  );
}
