import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { useClients } from '../../../rpc/clients.tsx';
import { ChevronDownIcon } from '../../../ui/icons.tsx';
import { InitialsDisc } from '../../../ui/initials-disc.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { peopleQuery } from '../api/find-people.ts';
import { userNowQuery } from '../api/history-queries.ts';
import styles from './chips.module.css';
import { ClearButton } from './choice-chip.tsx';

/** Somebody to choose, by what the list already shows. */
export interface KnownPerson {
  readonly id: string;
  readonly name: string;
}

export interface PersonChipProps {
  readonly title: string;
  readonly id: string | undefined;
  /** Offered before anything is typed, and used to name the chosen one. */
  readonly known: readonly KnownPerson[];
  readonly onChange: (id: string | undefined) => void;
}

/** Narrows the list by a person, found by name or email. */
export function PersonChip({ title, id, known, onChange }: PersonChipProps) {
  const name = useNameOf(id, known);
  const words = name === undefined ? title : `${title}: ${inSentence(name, 24)}`;
  return (
    <Popover
      label={`Filter by ${title.toLowerCase()}`}
      width={280}
      trigger={{
        children: words,
        trailing: <ChevronDownIcon />,
        variant: 'secondary',
        className: id === undefined ? styles.chip : styles.chosen,
      }}
    >
      {(close) => (
        <PersonPicker
          title={title}
          known={known}
          hasChoice={id !== undefined}
          onChoose={(next) => {
            close();
            onChange(next);
          }}
        />
      )}
    </Popover>
  );
}

interface PersonPickerProps {
  readonly title: string;
  readonly known: readonly KnownPerson[];
  readonly hasChoice: boolean;
  readonly onChoose: (id: string | undefined) => void;
}

/** Typing rests so long before people are looked for. */
const restMs = 200;
const mostKnown = 6;

function PersonPicker({ title, known, hasChoice, onChoose }: PersonPickerProps) {
  const clients = useClients();
  const [text, setText] = useState('');
  const sought = useRested(text.trim(), restMs);
  const found = useQuery({
    ...peopleQuery(clients, sought),
    enabled: sought !== '',
    placeholderData: keepPreviousData,
  });
  const people =
    sought === '' ? known.slice(0, mostKnown).map((person) => ({ ...person, email: '' })) : (found.data ?? []);
  return (
    <div className={styles.people}>
      <TextField
        label={`${title}: name or email`}
        isLabelHidden
        placeholder="Name or email"
        value={text}
        onChange={setText}
        data-initial-focus
      />
      <ul className={styles.found} aria-label="People">
        {people.map((person) => (
          <li key={person.id}>
            <button type="button" className={styles.person} onClick={() => onChoose(person.id)}>
              <InitialsDisc name={person.name} />
              <span className={styles.personWords}>
                <bdi>{person.name}</bdi>
                {person.email !== '' && <bdi className={styles.email}>{person.email}</bdi>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status" className={styles.note}>
        {statusWords(sought, people.length, found.isError)}
      </p>
      {hasChoice && <ClearButton words="Anybody" onClear={() => onChoose(undefined)} />}
    </div>
  );
}

function statusWords(sought: string, count: number, isFailed: boolean): string {
  if (sought === '') return count > 0 ? 'From what is shown; type to find others.' : 'Type to find somebody.';
  if (isFailed) return 'People could not be looked for.';
  return count === 0 ? 'Nobody found.' : '';
}

/** The name of who is chosen; their id until it is known. */
function useNameOf(id: string | undefined, known: readonly KnownPerson[]): string | undefined {
  const clients = useClients();
  const shown = known.find((person) => person.id === id)?.name;
  const isUser = id !== undefined && /^[0-9a-f-]{36}$/i.test(id);
  const { data } = useQuery({ ...userNowQuery(clients, id ?? ''), enabled: isUser && shown === undefined });
  if (id === undefined) return undefined;
  return shown ?? data?.name ?? `…${id.slice(-8)}`;
}

function useRested(value: string, durationMs: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), durationMs);
    return () => clearTimeout(timer);
  }, [value, durationMs]);
  return rested;
}
