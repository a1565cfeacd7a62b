import type { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { type MaskField, maskFields, parseMaskPath } from '@roster/proto/mask-paths';
import { useMemo } from 'react';
import { leafLabel } from '../../../lib/user-words.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CloseIcon } from '../../../ui/icons.tsx';
import styles from './change-filters.module.css';
import chipStyles from './chips.module.css';
import { ChoiceChip } from './choice-chip.tsx';
import { filterParts, type HistoryUrl, type KindWord, kindWords, type RoleWord, roleWords } from './history-url.ts';
import { type KnownPerson, PersonChip } from './person-chip.tsx';
import { TimeChip } from './time-chip.tsx';
import type { HistoryUrlChange } from './use-history-url.ts';

export interface ChangeFiltersProps {
  readonly url: HistoryUrl;
  /** Name the people of the chips. */
  readonly changes: readonly UserChange[];
  readonly onChange: (change: HistoryUrlChange) => void;
}

/** What narrows the list of changes, each part a chip. */
export function ChangeFilters({ url, changes, onChange }: ChangeFiltersProps) {
  const people = useMemo(
    () => distinct(changes.map(({ userId, userName }) => ({ id: userId, name: userName }))),
    [changes],
  );
  const actors = useMemo(
    () => distinct(changes.map(({ actor }) => ({ id: actor?.id ?? '', name: actor?.name ?? '' }))),
    [changes],
  );
  const set = (parts: HistoryUrl) => onChange({ ...parts, open: undefined });
  if (url.change !== undefined) {
    return (
      <div className={styles.bar}>
        <span className={chipStyles.one}>
          Change {url.change} alone
          <IconButton
            label="Show all changes"
            size="small"
            icon={<CloseIcon />}
            onClick={() => onChange({ change: undefined })}
          />
        </span>
      </div>
    );
  }
  return (
    <div className={styles.bar}>
      <PersonChip title="Person" id={url.person} known={people} onChange={(person) => set({ person })} />
      <PersonChip title="By" id={url.by} known={actors} onChange={(by) => set({ by })} />
      <ChoiceChip title="Kind" value={url.kind} options={kindOptions} onChange={(kind) => set({ kind })} />
      <ChoiceChip
        title="Field"
        value={url.field}
        options={fieldOptions}
        labelOf={fieldLabel}
        onChange={(field) => set({ field })}
      />
      <ChoiceChip title="Role given" value={url.role} options={roleOptions} onChange={(role) => set({ role })} />
      <TimeChip url={url} onChange={set} />
      {hasFilter(url) && (
        <Button size="small" variant="quiet" onClick={() => onChange(noFilter)}>
          Clear
        </Button>
      )}
    </div>
  );
}

export const noFilter: HistoryUrl = Object.fromEntries([...filterParts, 'open'].map((part) => [part, undefined]));

export function hasFilter(url: HistoryUrl): boolean {
  return filterParts.some((part) => url[part] !== undefined);
}

const kindOptions = kindWords.map((value: KindWord) => ({ value, label: capital(value) }));
const roleOptions = roleWords.map((value: RoleWord) => ({ value, label: capital(value) }));
const fieldOptions: readonly { readonly value: string; readonly label: string }[] = maskFields.map(
  (value: MaskField) => ({ value, label: capital(value) }),
);

/** The words for a field that the address names; any leaf is possible. */
export function fieldLabel(path: string): string {
  const parsed = parseMaskPath(path);
  if (!parsed) return path;
  if (parsed.field === 'address') return 'line' in parsed ? leafLabel(parsed) : 'Address';
  if (parsed.field === 'metadata') return 'key' in parsed ? parsed.key : 'Metadata';
  return leafLabel({ field: parsed.field });
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function distinct(people: readonly KnownPerson[]): readonly KnownPerson[] {
  const byId = new Map<string, KnownPerson>();
  // The newest name wins: the list begins with it.
  for (const person of people) if (person.id !== '' && !byId.has(person.id)) byId.set(person.id, person);
  return [...byId.values()];
}
