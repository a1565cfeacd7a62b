import type { AppError } from '../../../rpc/app-error.ts';
import { Button } from '../../../ui/button.tsx';
import { HistoryIcon, SearchIcon, WarningIcon } from '../../../ui/icons.tsx';
import { EmptyState, ErrorState } from '../../../ui/state-message.tsx';
import styles from './change-states.module.css';
import { filterParts, type HistoryUrl } from './history-url.ts';
import { timeWords } from './time-chip.tsx';

/** Nothing has happened yet. */
export function NoEntries({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <EmptyState icon={<HistoryIcon />} title={title}>
      {children}
    </EmptyState>
  );
}

/** No change is as the filter asks; each of its parts can be lifted. */
export function NoMatch({
  url,
  onChange,
}: {
  readonly url: HistoryUrl;
  readonly onChange: (parts: HistoryUrl) => void;
}) {
  if (url.change !== undefined) {
    return (
      <EmptyState
        icon={<SearchIcon />}
        title={`There is no change ${url.change}`}
        actions={<Button onClick={() => onChange({ change: undefined })}>Show all changes</Button>}
      >
        It never was, or the person it was about has been erased.
      </EmptyState>
    );
  }
  const parts = partsOf(url);
  return (
    <EmptyState
      icon={<SearchIcon />}
      title="No change matches"
      actions={
        <>
          {parts.length > 1 &&
            parts.map(({ words, without }) => (
              <Button key={words} onClick={() => onChange(without)}>
                Without {words}
              </Button>
            ))}
          <Button
            variant={parts.length > 1 ? 'quiet' : 'secondary'}
            onClick={() => onChange(Object.fromEntries(filterParts.map((part) => [part, undefined])))}
          >
            Show all changes
          </Button>
        </>
      }
    >
      Nothing that was done is all that the filters ask for.
    </EmptyState>
  );
}

function partsOf(url: HistoryUrl): readonly { readonly words: string; readonly without: HistoryUrl }[] {
  return [
    ...(url.person ? [{ words: 'the person', without: { person: undefined } }] : []),
    ...(url.by ? [{ words: 'by whom', without: { by: undefined } }] : []),
    ...(url.kind ? [{ words: 'the kind', without: { kind: undefined } }] : []),
    ...(url.field ? [{ words: 'the field', without: { field: undefined } }] : []),
    ...(url.role ? [{ words: 'the role', without: { role: undefined } }] : []),
    ...(timeWords(url) ? [{ words: 'the time', without: { time: undefined, from: undefined, to: undefined } }] : []),
  ];
}

/** The log could not be read. */
export function LogFailed(props: {
  readonly error: AppError;
  /** What the person lacks where they may not read it. */
  readonly need: string;
  readonly onRetry: () => void;
  /** Leads away from an address that cannot be read. */
  readonly onPlain?: () => void;
}) {
  const { error, need, onRetry, onPlain } = props;
  if (error.kind === 'not-permitted') return <NotPermitted need={need} />;
  const isBadAddress = error.kind === 'invalid' && onPlain !== undefined;
  return (
    <ErrorState
      icon={<WarningIcon />}
      title={isBadAddress ? 'This history cannot be read' : titleOf(error)}
      requestId={error.requestId}
      actions={
        isBadAddress ? (
          <Button onClick={onPlain}>Show all changes</Button>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )
      }
    >
      <p>
        {isBadAddress
          ? 'The address asks for something that does not exist.'
          : 'Nothing is lost. The history comes as soon as the server answers.'}
      </p>
      {error.kind !== 'unreachable' && <p>{error.message}</p>}
    </ErrorState>
  );
}

export function NotPermitted({ need }: { readonly need: string }) {
  return (
    <EmptyState icon={<WarningIcon />} title="You may not see this">
      {need}
    </EmptyState>
  );
}

/** The entries of another filter are still on screen, and why those of this one are not. */
export function StillBefore({ error, onRetry }: { readonly error: AppError; readonly onRetry: () => void }) {
  return (
    <div role="alert" className={styles.strip}>
      <WarningIcon />
      <p>
        {titleOf(error)}. These are still the entries from before. {error.kind === 'unreachable' ? '' : error.message}
      </p>
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

function titleOf(error: AppError): string {
  switch (error.kind) {
    case 'unreachable':
      return 'The server cannot be reached';
    case 'timeout':
      return 'The server took too long';
    case 'signed-out':
      return 'You are signed out';
    case 'limited':
      return 'Too many requests';
    default:
      return 'The history could not be read';
  }
}
