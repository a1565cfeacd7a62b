import type { User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useClients } from '../../../rpc/clients.tsx';
import { ReadCache } from '../../../rpc/read-cache.tsx';
import { Button } from '../../../ui/button.tsx';
import { ChevronRightIcon } from '../../../ui/icons.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { userChangesQuery } from '../api/history-queries.ts';
import { changeWords } from '../entry/change-words.ts';
import { EntryDetail } from '../entry/entry-detail.tsx';
import { Sentence } from '../entry/sentence.tsx';
import { formatHistoryUrl } from '../screen/history-url.ts';
import styles from './person-history.module.css';

export interface PersonHistoryProps {
  /** As the feed or the server said last: a new revision is a new entry. */
  readonly user: User;
  /** Learns what the user is after a change was taken back. */
  readonly onAnswer: (user: User) => void;
}

/** What has happened to one person, the newest first. */
export function PersonHistory(props: PersonHistoryProps) {
  return (
    <ReadCache>
      <Entries {...props} />
    </ReadCache>
  );
}

function Entries({ user, onAnswer }: PersonHistoryProps) {
  const clients = useClients();
  const id = useId();
  const options = userChangesQuery(clients, user.id);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(options);
  const [open, setOpen] = useState<number>();
  useNewRevisions(user, options.queryKey);
  return (
    <>
      {error && (
        <p role="alert" className={styles.failed}>
          The history could not be read. {error.message}
          <Button size="small" onClick={() => void refetch()}>
            Try again
          </Button>
        </p>
      )}
      {!data && !error && <Skeleton width="60%" />}
      <ol className={styles.list} aria-label="Changes of this person">
        {data?.map((change) => {
          const isOpen = change.revision === open;
          const detailId = `${id}-${change.revision}`;
          return (
            <li key={change.revision} className={styles.entry} data-open={isOpen || undefined}>
              <button
                type="button"
                aria-expanded={isOpen}
                aria-controls={isOpen ? detailId : undefined}
                className={styles.line}
                onClick={() => setOpen(isOpen ? undefined : change.revision)}
              >
                <ChevronRightIcon />
                <span className={styles.words}>
                  <bdi className={styles.who}>{change.actor?.name || 'Somebody'}</bdi>{' '}
                  <Sentence parts={changeWords(change, { isOfOne: true })} />
                </span>
                <span className={styles.time}>
                  <RelativeTime at={epochMs(change.changedAt)} />
                </span>
              </button>
              {isOpen && (
                <div id={detailId} className={styles.detail}>
                  <EntryDetail change={change} isOfOne onAnswer={onAnswer} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
      <div className={styles.foot}>
        {hasNextPage && (
          <Button size="small" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older
          </Button>
        )}
        <Link href={formatHistoryUrl({ person: user.id })} className={styles.link}>
          Open in History
        </Link>
      </div>
    </>
  );
}

/** Reads the newest entries when the user has got a newer revision. */
function useNewRevisions({ revision }: User, queryKey: readonly unknown[]): void {
  const queryClient = useQueryClient();
  const seen = useRef(revision);
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    void queryClient.invalidateQueries({ queryKey: JSON.parse(key) });
  }, [queryClient, revision, key]);
}
