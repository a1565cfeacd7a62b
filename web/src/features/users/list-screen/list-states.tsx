import { formatCount } from '../../../lib/format-number.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { Button } from '../../../ui/button.tsx';
import { PlusIcon, SearchIcon, UsersIcon, WarningIcon } from '../../../ui/icons.tsx';
import { EmptyState, ErrorState } from '../../../ui/state-message.tsx';
import type { UserListQuery } from '../list/user-list.ts';
import styles from './list-states.module.css';
import { useLiftableParts } from './use-liftable-parts.ts';

/** No one is here yet. */
export function NoUsers({ onCreate }: { readonly onCreate: (() => void) | undefined }) {
  return (
    <EmptyState
      icon={<UsersIcon />}
      title="No people yet"
      actions={
        onCreate && (
          <Button icon={<PlusIcon />} onClick={onCreate}>
            Add the first person
          </Button>
        )
      }
    >
      Everyone you add appears here, and changes as it happens.
    </EmptyState>
  );
}

/** The filter matches no one; the parts without which it would match someone can be lifted, the narrowest first. */
export function NoMatch({
  query,
  onFilter,
}: {
  readonly query: UserListQuery;
  readonly onFilter: (filter: string) => void;
}) {
  const parts = useLiftableParts(query);
  const hasParts = parts !== undefined && parts.length > 0;
  return (
    <EmptyState
      icon={<SearchIcon />}
      title="No one matches"
      actions={
        parts && (
          <>
            {parts.map(({ part, rest, total }) => (
              <Button key={`${part} ${rest}`} className={styles.part} onClick={() => onFilter(rest)}>
                Without <bdi>{part}</bdi>
                {total && !total.isMinimum && ` · ${formatCount(total.size)}`}
              </Button>
            ))}
            <Button variant={hasParts ? 'quiet' : 'secondary'} onClick={() => onFilter('')}>
              Show everyone
            </Button>
          </>
        )
      }
    >
      <p>
        No one is in the list for <code className={styles.filter}>{query.filter}</code>
      </p>
    </EmptyState>
  );
}

export interface ListFailedProps {
  readonly error: AppError;
  readonly onRetry: () => void;
  /** Goes to the list without filter and order of one's own: an address that cannot be read does not get better by trying again. */
  readonly onPlain: () => void;
}

/** The first page could not be read. */
export function ListFailed({ error, onRetry, onPlain }: ListFailedProps) {
  const { title, meaning } = failureWords(error);
  return (
    <ErrorState
      icon={<WarningIcon />}
      title={title}
      requestId={error.requestId}
      actions={
        error.kind === 'invalid' ? (
          <Button onClick={onPlain}>Show everyone</Button>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )
      }
    >
      <p>{meaning}</p>
      <p>{moreWords(error)}</p>
    </ErrorState>
  );
}

/** The rows of another filter are still on screen, and why those of this one are not. */
export function StillBefore({ error, onRetry }: { readonly error: AppError; readonly onRetry: () => void }) {
  return (
    <div role="alert" className={styles.strip}>
      <WarningIcon />
      <p>
        {failureWords(error).title}. These are still the rows from before. {moreWords(error)}
      </p>
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** The filter has a mistake, and there are no rows from before. */
export function FilterRefused({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState
      icon={<SearchIcon />}
      title="The filter cannot be read"
      actions={<Button onClick={onClear}>Clear the filter</Button>}
    >
      The words under it say where the mistake is.
    </EmptyState>
  );
}

/** What the error says beyond the title. */
function moreWords(error: AppError): string {
  return error.message === `${failureWords(error).title}.` ? '' : error.message;
}

function failureWords(error: AppError): { readonly title: string; readonly meaning: string } {
  switch (error.kind) {
    case 'unreachable':
      return {
        title: 'The server cannot be reached',
        meaning: 'Nothing is lost. The list comes as soon as the server answers.',
      };
    case 'timeout':
      return {
        title: 'The server took too long',
        meaning: 'Nothing has been changed. A narrower filter is often faster.',
      };
    case 'not-permitted':
      return { title: 'You may not see this list', meaning: 'Listing people needs the right to read users.' };
    case 'signed-out':
      return { title: 'You are signed out', meaning: 'Sign in again to see the list.' };
    case 'invalid':
      return { title: 'This list cannot be read', meaning: 'The address asks for something that does not exist.' };
    case 'limited':
      return { title: 'Too many requests', meaning: 'The server asks to slow down for a moment.' };
    default:
      return { title: 'The list could not be read', meaning: 'Nothing has been changed.' };
  }
}
