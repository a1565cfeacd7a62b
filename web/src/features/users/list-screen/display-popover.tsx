import { Checkbox } from '../../../ui/checkbox.tsx';
import { ColumnsIcon } from '../../../ui/icons.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { type ColumnChoice, columns } from './columns.tsx';
import { type Density, densities } from './density.ts';
import styles from './display-popover.module.css';

export interface DisplayPopoverProps {
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
  readonly columnChoice: ColumnChoice;
}

const densityWords: Readonly<Record<Density, string>> = { comfortable: 'Comfortable', compact: 'Compact' };

/** How the rows are drawn: their height and their columns. Remembered in this browser. */
export function DisplayPopover({ density, onDensity, columnChoice }: DisplayPopoverProps) {
  return (
    <Popover label="Rows and columns" width={240} trigger={{ kind: 'icon', icon: <ColumnsIcon /> }}>
      {() => (
        <>
          <h2 className={styles.title}>Rows</h2>
          <Segmented
            label="Height of the rows"
            value={density}
            onChange={onDensity}
            options={densities.map((value) => ({ value, label: densityWords[value] }))}
          />
          <h2 className={styles.title}>Columns</h2>
          {columns.slice(1).map(({ id, title }) => (
            <Checkbox
              key={id}
              label={title}
              isChecked={columnChoice.isShown(id)}
              onChange={() => columnChoice.toggle(id)}
            />
          ))}
        </>
      )}
    </Popover>
  );
}
