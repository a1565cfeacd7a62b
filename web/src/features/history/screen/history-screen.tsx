import { type ReactNode, useState } from 'react';
import { useTitle } from '../../../lib/use-title.ts';
import { ReadCache } from '../../../rpc/read-cache.tsx';
import { useSignedIn } from '../../../session/session-context.tsx';
import { AccessTab } from './access-tab.tsx';
import { NotPermitted } from './change-states.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { HeadEndContext, HistoryHead, type Tab, tabs } from './history-head.tsx';
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
  const [end, setEnd] = useState<HTMLElement | null>(null);
  return (
    <ReadCache>
      <div className={styles.screen}>
        <HistoryHead tab={tab} allowed={allowed} navigationButton={navigationButton} endRef={setEnd} />
        <HeadEndContext value={end}>
          {allowed.includes(tab) ? <TabOf tab={tab} /> : <Refused tab={tab} />}
        </HeadEndContext>
      </div>
    </ReadCache>
  );
}

function TabOf({ tab }: { readonly tab: Tab }) {
  switch (tab) {
    case 'changes':
      return <ChangesTab />;
    case 'sign-ins':
      return <AccessTab />;
    case 'refused':
      return <RefusalsTab />;
  }
}

function Refused({ tab }: { readonly tab: Tab }) {
  const need = tab === 'changes' ? 'Reading the history needs the role Editor.' : 'This needs the role Admin.';
  return (
    <div className={styles.area}>
      <NotPermitted need={need} />
    </div>
  );
}
