import { type ReactNode, useCallback, useSyncExternalStore } from 'react';
import { formatCount } from '../../../lib/format-number.ts';
import { useTitle } from '../../../lib/use-title.ts';
import { LiveState, useConnectionWords } from '../../../live/live-state.tsx';
import { ReadCache } from '../../../rpc/read-cache.tsx';
import { useSignedIn } from '../../../session/session-context.tsx';
import { ArrowUpIcon, TrashIcon, WarningIcon } from '../../../ui/icons.tsx';
import { EmptyState } from '../../../ui/state-message.tsx';
import { useUserList } from '../list/use-user-list.ts';
import type { UserListSnapshot } from '../list/user-list.ts';
import areaStyles from '../list-screen/list-area.module.css';
import headerStyles from '../list-screen/list-header.module.css';
import { ListFailed } from '../list-screen/list-states.tsx';
import { BinList } from './bin-list.tsx';
import styles from './bin-screen.module.css';

/** Nothing changes a user who is deleted: the last change is the deletion. */
const query = { filter: 'deleted_at:*', orderBy: 'updated_at desc', showDeleted: true } as const;

/** The people who are deleted and not yet erased, for whoever may restore them. */
export function BinScreen({ navigationButton }: { readonly navigationButton: ReactNode }) {
  useTitle('Bin');
  if (useSignedIn().access.may(restoreMethod)) return <Bin navigationButton={navigationButton} />;
  return (
    <div className={styles.screen}>
      <header className={headerStyles.bar}>
        {navigationButton}
        <h1 className={headerStyles.title}>Bin</h1>
      </header>
      <div className={areaStyles.state}>
        <EmptyState icon={<WarningIcon />} title="You may not see this">
          The bin needs the role Editor.
        </EmptyState>
      </div>
    </div>
  );
}

const restoreMethod = '/userservice.v1.UserService/UndeleteUser';

/** It is live. */
function Bin({ navigationButton }: { readonly navigationButton: ReactNode }) {
  const list = useUserList(query);
  const snapshot = useSyncExternalStore(
    useCallback((listener: () => void) => list.subscribe(listener), [list]),
    () => list.getSnapshot(),
  );
  const { isOld } = useConnectionWords(snapshot);
  return (
    <ReadCache>
      <div className={styles.screen}>
        <header className={headerStyles.bar}>
          {navigationButton}
          <h1 className={headerStyles.title}>Bin</h1>
          {snapshot.total && <span className={headerStyles.count}>{formatCount(snapshot.total.size)}</span>}
          <LiveState snapshot={snapshot} onRetry={() => list.retry()} />
          {snapshot.arrivals > 0 && (
            <button type="button" className={headerStyles.arrivals} onClick={() => list.showArrivals()}>
              <ArrowUpIcon />
              {formatCount(snapshot.arrivals)} new
            </button>
          )}
          <p className={styles.rule}>
            <Rule />
          </p>
        </header>
        {standsInstead(snapshot) ? (
          <div className={areaStyles.state}>
            <Instead snapshot={snapshot} onRetry={() => list.retry()} />
          </div>
        ) : (
          <div className={areaStyles.area}>
            <BinList list={list} snapshot={snapshot} isDimmed={isOld} />
          </div>
        )}
      </div>
    </ReadCache>
  );
}

/** What becomes of those who are in it. */
function Rule() {
  const { binDays } = useSignedIn();
  if (binDays === 0) return 'Deleted people stay here until somebody erases them.';
  return `Deleted people are erased for good after ${binDays === 1 ? 'a day' : `${binDays} days`}.`;
}

function standsInstead({ status, rowCount }: UserListSnapshot): boolean {
  return rowCount === 0 && status !== 'loading';
}

function Instead({ snapshot, onRetry }: { readonly snapshot: UserListSnapshot; readonly onRetry: () => void }) {
  if (snapshot.error) return <ListFailed error={snapshot.error} onRetry={onRetry} onPlain={onRetry} />;
  return (
    <EmptyState icon={<TrashIcon />} title="The bin is empty">
      Whoever is deleted waits here, and can be restored as they were.
    </EmptyState>
  );
}
