import { lazy, type ReactNode, type Ref, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useHotkeys } from '../../../lib/hotkeys.ts';
import { usePrefetch } from '../../../lib/use-prefetch.ts';
import { useTitle } from '../../../lib/use-title.ts';
import { useConnectionWords } from '../../../live/live-state.tsx';
import { useSignedIn } from '../../../session/session-context.tsx';
import { useUserList } from '../list/use-user-list.ts';
import type { UserList } from '../list/user-list.ts';
import { FilterBar } from './filter-bar.tsx';
import { ListArea } from './list-area.tsx';
import { ListFooter } from './list-footer.tsx';
import { ListHeader } from './list-header.tsx';
import type { ListUrl } from './list-url.ts';
import { PanelSlot } from './panel-slot.tsx';
import { useAnnouncements } from './use-announcements.ts';
import { type ListUrlChange, useListUrl } from './use-list-url.ts';
import type { GridHandle } from './user-grid.tsx';
import styles from './users-screen.module.css';

const loadUserPanel = () => import('../editor/user-panel.tsx');
const loadCreatePanel = () => import('../editor/create-user-panel.tsx');
const loadPanels = () => Promise.all([loadUserPanel(), loadCreatePanel()]);
const UserPanel = lazy(() => loadUserPanel().then((module) => ({ default: module.UserPanel })));
const CreateUserPanel = lazy(() => loadCreatePanel().then((module) => ({ default: module.CreateUserPanel })));

export interface UsersScreenProps {
  readonly navigationButton: ReactNode;
  /** Single keys are on (WCAG 2.1.4). */
  readonly hasHotkeys: boolean;
  /** Opens or closes the record of what went over the wire. */
  readonly onInspect: () => void;
  /** Opens the page of one user. */
  readonly onOpenPage: (id: string) => void;
}

/** All users, live: the list, and beside it the panel of the one that is open. The address says which. */
export function UsersScreen({ navigationButton, hasHotkeys, onInspect, onOpenPage }: UsersScreenProps) {
  const [url, change] = useListUrl();
  const list = useUserList(url.query);
  const snapshot = useSyncExternalStore(
    useCallback((listener: () => void) => list.subscribe(listener), [list]),
    () => list.getSnapshot(),
  );
  const gridRef = useRef<GridHandle>(null);
  const panelRef = useRef<HTMLElement>(null);
  const [entered, setEntered] = useState(0);
  const filterRef = useRef<{ focus(): void }>(null);
  const connection = useConnectionWords(snapshot);
  const spoken = useAnnouncements(snapshot, `${url.query.filter} ${url.query.orderBy}`, connection.words);
  usePrefetch(loadPanels, snapshot.status !== 'loading');

  useEffect(() => {
    if (entered > 0) panelRef.current?.focus();
  }, [entered]);

  useTitle('Users');

  const enterPanel = () => setEntered((times) => times + 1);
  const mayCreate = useSignedIn().access.may('/userservice.v1.UserService/CreateUser');
  const openNew = mayCreate ? () => change({ isNew: true, userId: undefined }) : undefined;
  const closePanel = useCallback(() => {
    change({ isNew: false, userId: undefined });
    gridRef.current?.focus();
  }, [change]);
  useHotkeys({ '/': () => filterRef.current?.focus(), ...(openNew && { n: openNew }) }, hasHotkeys);

  return (
    <div className={styles.screen}>
      <div className={styles.list}>
        <ListHeader
          snapshot={snapshot}
          filter={url.query.filter}
          hasPanel={url.isNew || url.userId !== undefined}
          navigationButton={navigationButton}
          onArrivals={() => {
            list.showArrivals();
            gridRef.current?.goToTop();
          }}
          onCreate={openNew}
          onRetry={() => list.retry()}
        />
        <FilterBar
          ref={filterRef}
          query={url.query}
          snapshot={snapshot}
          change={change}
          onLeave={() => gridRef.current?.focus()}
        />
        <ListArea
          ref={gridRef}
          list={list}
          snapshot={snapshot}
          url={url}
          isOld={connection.isOld}
          change={change}
          onLift={(filter) => {
            change({ filter });
            filterRef.current?.focus();
          }}
          onCreate={openNew}
          onClosePanel={closePanel}
          onEnterPanel={enterPanel}
        />
        <ListFooter snapshot={snapshot} onInspect={onInspect} />
        <p aria-live="polite" className="visually-hidden">
          {spoken}
        </p>
      </div>
      <Panel
        ref={panelRef}
        list={list}
        url={url}
        change={change}
        mayCreate={mayCreate}
        onEnter={enterPanel}
        onClose={closePanel}
        onOpenPage={onOpenPage}
      />
    </div>
  );
}

interface PanelProps {
  readonly ref: Ref<HTMLElement>;
  readonly list: UserList;
  readonly url: ListUrl;
  readonly change: (change: ListUrlChange) => void;
  readonly mayCreate: boolean;
  /** The focus goes to the panel. */
  readonly onEnter: () => void;
  readonly onClose: () => void;
  readonly onOpenPage: (id: string) => void;
}

function Panel({ ref, list, url, change, mayCreate, onEnter, onClose, onOpenPage }: PanelProps) {
  const { userId } = url;
  if (url.isNew && mayCreate) {
    return (
      <PanelSlot ref={ref} label="New user" onClose={onClose}>
        <CreateUserPanel
          list={list}
          onClose={onClose}
          onCreated={({ id }) => {
            change({ isNew: false, userId: id, isReplaced: true });
            onEnter();
          }}
        />
      </PanelSlot>
    );
  }
  if (!userId) return null;
  return (
    <PanelSlot ref={ref} label="User" onClose={onClose}>
      <UserPanel userId={userId} list={list} onClose={onClose} onOpenPage={() => onOpenPage(userId)} />
    </PanelSlot>
  );
}
