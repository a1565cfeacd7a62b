import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { type DrawHistory, HistoryContext } from '../features/users/editor/history-context.ts';
import { UsersScreen } from '../features/users/list-screen/users-screen.tsx';
import { useHotkeys } from '../lib/hotkeys.ts';
import { useStored } from '../lib/stored.ts';
import { usePrefetch } from '../lib/use-prefetch.ts';
import { useTitle } from '../lib/use-title.ts';
import type { Recorder } from '../rpc/recorder.ts';
import { useSignedIn } from '../session/session-context.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { NotFound } from './not-found.tsx';
import styles from './pages.module.css';
import { Shell } from './shell.tsx';

const parts = {
  userPage: () => import('../features/users/editor/user-page.tsx'),
  account: () => import('../features/account/account-page.tsx'),
  tokens: () => import('../features/tokens/tokens-page.tsx'),
  history: () => import('../features/history/screen/history-screen.tsx'),
  personHistory: () => import('../features/history/person/person-history.tsx'),
  asOf: () => import('../features/history/as-of/as-of-sheet.tsx'),
  bin: () => import('../features/users/bin/bin-screen.tsx'),
  shortcuts: () => import('./shortcut-sheet.tsx'),
  personMenu: () => import('./person-menu.tsx'),
  inspector: () => import('../features/inspector/inspector-drawer.tsx'),
};

/** So that nothing is missing when the connection is, once the page has stood for a while. In milliseconds. */
const restAfterMs = 5000;
const loadRest = () => Promise.all(Object.values(parts).map((load) => load()));

const UserPage = lazy(() => parts.userPage().then((module) => ({ default: module.UserPage })));
const AccountPage = lazy(() => parts.account().then((module) => ({ default: module.AccountPage })));
const TokensPage = lazy(() => parts.tokens().then((module) => ({ default: module.TokensPage })));
const HistoryScreen = lazy(() => parts.history().then((module) => ({ default: module.HistoryScreen })));
const PersonHistory = lazy(() => parts.personHistory().then((module) => ({ default: module.PersonHistory })));
const BinScreen = lazy(() => parts.bin().then((module) => ({ default: module.BinScreen })));
const ShortcutSheet = lazy(() => parts.shortcuts().then((module) => ({ default: module.ShortcutSheet })));
const InspectorDrawer = lazy(() => parts.inspector().then((module) => ({ default: module.InspectorDrawer })));

const drawHistory: DrawHistory = (user, onAnswer) => <PersonHistory user={user} onAnswer={onAnswer} />;

/** What stands at which address. */
export function Pages({ recorder }: { readonly recorder: Recorder }) {
  const [path, navigate] = useLocation();
  const mayReadHistory = useSignedIn().access.may('/roster.history.v1.HistoryService/ListUserChanges');
  const [hotkeys, setHotkeys] = useStored('hotkeys', (text) => (text === 'off' ? 'off' : 'on'));
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [isInspecting, setInspecting] = useState(false);
  usePrefetch(loadRest, true, restAfterMs);
  const hasHotkeys = hotkeys === 'on';
  const toggleInspector = () => setInspecting(!isInspecting);
  useHotkeys({ '?': () => setSheetOpen(true), i: toggleInspector }, hasHotkeys);
  return (
    <Shell hasHotkeys={hasHotkeys} onShortcuts={() => setSheetOpen(true)}>
      {(navigationButton) => (
        <div className={styles.split}>
          <div className={styles.upper}>
            <ErrorBoundary key={screenAt(path)}>
              <Suspense>
                <HistoryContext value={mayReadHistory ? drawHistory : undefined}>
                  <Switch>
                    <Route path="/">
                      <Redirect to="/users" replace />
                    </Route>
                    <Route path="/users">
                      <UsersScreen
                        navigationButton={navigationButton}
                        hasHotkeys={hasHotkeys}
                        onInspect={toggleInspector}
                        onOpenPage={(id) => navigate(`/users/${encodeURIComponent(id)}`, { state: listHref() })}
                      />
                    </Route>
                    <Route path="/users/:id">
                      {({ id }) => <OneUser key={id} id={id} navigationButton={navigationButton} />}
                    </Route>
                    <Route path="/history/:tab?">
                      {({ tab = 'changes' }) =>
                        isHistoryTab(tab) ? (
                          <HistoryScreen tab={tab} navigationButton={navigationButton} />
                        ) : (
                          <NotFound navigationButton={navigationButton} />
                        )
                      }
                    </Route>
                    <Route path="/bin">
                      <BinScreen navigationButton={navigationButton} />
                    </Route>
                    <Route path="/account">
                      <AccountPage navigationButton={navigationButton} />
                    </Route>
                    <Route path="/tokens">
                      <TokensPage navigationButton={navigationButton} />
                    </Route>
                    <Route>
                      <NotFound navigationButton={navigationButton} />
                    </Route>
                  </Switch>
                </HistoryContext>
              </Suspense>
            </ErrorBoundary>
            {isSheetOpen && (
              <ErrorBoundary>
                <Suspense>
                  <ShortcutSheet
                    hasHotkeys={hasHotkeys}
                    onHotkeys={(isOn) => setHotkeys(isOn ? 'on' : 'off')}
                    onClose={() => setSheetOpen(false)}
                  />
                </Suspense>
              </ErrorBoundary>
            )}
          </div>
          {isInspecting && (
            <ErrorBoundary>
              <Suspense>
                <InspectorDrawer recorder={recorder} onClose={() => setInspecting(false)} />
              </Suspense>
            </ErrorBoundary>
          )}
        </div>
      )}
    </Shell>
  );
}

function OneUser({ id, navigationButton }: { readonly id: string; readonly navigationButton: ReactNode }) {
  useTitle('User');
  return (
    <div className={styles.page}>
      <UserPage userId={id} navigationButton={navigationButton} listHref={readListHref(useHistoryState())} />
    </div>
  );
}

/** What is drawn anew where it changes. The history's tabs are one screen: whoever walks through them by keyboard stays in them. */
function screenAt(path: string): string {
  return path.startsWith('/history/') ? '/history' : path;
}

type HistoryTab = 'changes' | 'sign-ins' | 'refused';

function isHistoryTab(tab: string): tab is HistoryTab {
  return tab === 'changes' || tab === 'sign-ins' || tab === 'refused';
}

/** The address of the list as it is, which goes along to a user's page so that its way back leads there. */
function listHref(): string {
  return location.pathname + location.search;
}

function readListHref(state: unknown): string {
  return typeof state === 'string' && state.startsWith('/users?') ? state : '/users';
}
