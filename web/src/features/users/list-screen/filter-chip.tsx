import { formatCount } from '../../../lib/format-number.ts';
import type { FeedFacet } from '../../../rpc/user-feed.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { ChevronDownIcon } from '../../../ui/icons.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { facetSize } from './facet-counts.ts';
import styles from './filter-chip.module.css';
import { type ChipField, chipValues, readChip, writeChip } from './filter-clauses.ts';

export interface FilterChipProps {
  readonly field: ChipField;
  readonly title: string;
  readonly filter: string;
  /** How the users of the list spread over roles and states; undefined while they are being counted. */
  readonly facets: readonly FeedFacet[] | undefined;
  readonly onChange: (filter: string) => void;
}

/** A quick choice of a field's values; it writes into the filter what one would write by hand. */
export function FilterChip({ field, title, filter, facets, onChange }: FilterChipProps) {
  const chosen = readChip(filter, field);
  const words = chosen.length > 0 ? `${title}: ${chosen.map(wordFor).join(', ')}` : title;
  return (
    <Popover
      label={`Filter by ${title.toLowerCase()}`}
      width={180}
      trigger={{
        children: words,
        trailing: <ChevronDownIcon />,
        variant: 'secondary',
        className: chosen.length > 0 ? styles.chosen : styles.chip,
      }}
    >
      {(close) => (
        <div className={styles.choices}>
          {chipValues[field].map((value) => (
            <Checkbox
              key={value}
              label={
                <span className={styles.choice}>
                  {wordFor(value)}
                  {/* With a choice made, the list holds none of the others, however many there are. */}
                  {facets && chosen.length === 0 && (
                    <span className={styles.count}>{formatCount(facetSize(facets, field, value))}</span>
                  )}
                </span>
              }
              isChecked={chosen.includes(value)}
              onChange={(isChecked) => {
                const next = chipValues[field].filter((each) => (each === value ? isChecked : chosen.includes(each)));
                onChange(writeChip(filter, field, next));
              }}
            />
          ))}
          {chosen.length > 0 && (
            <Button
              size="small"
              variant="quiet"
              onClick={() => {
                close();
                onChange(writeChip(filter, field, []));
              }}
            >
              Any {title.toLowerCase()}
            </Button>
          )}
        </div>
      )}
    </Popover>
  );
}

function wordFor(value: string): string {
  return value.charAt(0) + value.slice(1).toLowerCase();
}
