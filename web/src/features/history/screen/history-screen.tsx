import type { ReactNode } from 'react';
import { useTitle } from '../../../lib/use-title.ts';
import { ReadCache } from '../../../rpc/read-cache.tsx';
import { useSignedIn } from '../../../session/session-context.tsx';
import { AccessTab } from './access-tab.tsx';
import { NotPermitted } from './change-states.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { HistoryHead, type Tab, tabs } from './history-head.tsx';
import styles from './history-screen.module.css';
import { RefusalsTab } from './refusals-tab.tsx';

export interface HistoryScreenProps {
  readonly tab: Tab;
  readonly navigationButton: ReactNode;
}

const methods: Readonly<Record<Tab, string>> = {
  changes: '/roster.history.v1.HistoryService/ListUserChanges',
  'sign-ins': '/roster.history.v1.HistoryService/ListAccessEvents',
  refused: '/roster.history.v1.HistoryService/ListRefusals',
};

/** What has happened: changes of people, sign-ins, and what was refused. */
export function HistoryScreen({ tab, navigationButton }: HistoryScreenProps) {
  const { access } = useSignedIn();
  useTitle('History');
  const allowed = tabs.filter((each) => access.may(methods[each]));
  const head = { tab, allowed, navigationButton };
  return (
    <ReadCache>
      <div className={styles.screen}>
        {allowed.includes(tab) ? <TabOf tab={tab} head={head} /> : <Refused head={head} />}
      </div>
    </ReadCache>
  );
}

function TabOf({ tab, head }: { readonly tab: Tab; readonly head: Parameters<typeof ChangesTab>[0]['head'] }) {
  switch (tab) {
    case 'changes':
      return <ChangesTab head={head} />;
    case 'sign-ins':
      return <AccessTab head={head} />;
    case 'refused':
      return <RefusalsTab head={head} />;
  }
}

function Refused({ head }: { readonly head: Parameters<typeof ChangesTab>[0]['head'] }) {
  const need = head.tab === 'changes' ? 'Reading the history needs the role Editor.' : 'This needs the role Admin.';
  return (
    <>
      <HistoryHead {...head} />
      <div className={styles.area}>
        <NotPermitted need={need} />
      </div>
    </>
  );
}
