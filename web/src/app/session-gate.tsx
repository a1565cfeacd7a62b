import { lazy, type ReactNode, Suspense, useEffect, useMemo } from 'react';
import { Redirect, useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { usePrefetch } from '../lib/use-prefetch.ts';
import { useTitleBefore } from '../lib/use-title.ts';
import { type Clients, ClientsProvider } from '../rpc/clients.tsx';
import { readReturnPath, returnState } from '../session/return-path.ts';
import { useSession, useSessionState } from '../session/session-context.tsx';
import type { Failure } from '../session/session-state.ts';
import { watchInput } from '../session/watch-input.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Opening, OpeningFailed } from './opening.tsx';
import styles from './session-gate.module.css';

const VisitorPages = lazy(() =>
  import('../features/sign-in/visitor-pages.tsx').then((module) => ({ default: module.VisitorPages })),
);
const loadDialogs = () => import('../features/sign-in/session-dialogs.tsx');
const SessionDialogs = lazy(() => loadDialogs().then((module) => ({ default: module.SessionDialogs })));

/** Pages that draw themselves whether somebody is signed in or not. */
const openPaths: readonly string[] = ['/setup', '/accept', '/oidc'];

export interface SessionGateProps {
  /** Makes clients that share nothing with others, for each visit: what is cached goes by them. */
  readonly openClients: () => Clients;
  /** The console; drawn only while somebody is signed in. */
  readonly children: ReactNode;
}

/** Lets nobody see the console who is not signed in, and leads them to where they can. What one person has read is gone when the next one comes. */
export function SessionGate({ openClients, children }: SessionGateProps) {
  const session = useSession();
  const state = useSessionState();
  const isSignedIn = state.kind === 'signed-in' || state.kind === 'interrupted';
  useEffect(() => watchInput(window, () => session.noteInput()), [session]);
  usePrefetch(loadDialogs, isSignedIn, 5000);
  const hasDialog =
    state.kind === 'interrupted' || (state.kind === 'signed-in' && (state.isConfirming || state.ending !== undefined));
  return (
    <>
      <Place openClients={openClients}>{children}</Place>
      {hasDialog && (
        <ErrorBoundary>
          <Suspense>
            <SessionDialogs />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

function Place({ openClients, children }: SessionGateProps) {
  const state = useSessionState();
  const [path] = useLocation();
  const history = useHistoryState();
  if (openPaths.includes(path)) return <Visitor />;
  switch (state.kind) {
    case 'opening':
      return <Opening />;
    case 'failed':
      return <OpeningFailed error={state.error} retryAt={state.retryAt} />;
    case 'signed-out':
      if (path === '/sign-in') return <Visitor />;
      return <Redirect to="/sign-in" replace state={returnState(location, state.personId)} />;
    case 'signed-in':
    case 'interrupted':
      if (path === '/sign-in') return <Redirect to={readReturnPath(history, state.signedIn.user.id)} replace />;
      return (
        <>
          {state.kind === 'signed-in' && state.isHidden && <Veil failure={state.failure} />}
          <Visit key={state.visit} isHidden={state.kind === 'interrupted' || state.isHidden} openClients={openClients}>
            {children}
          </Visit>
        </>
      );
  }
}

/** Stands in place of a page out of the browser's memory until the server has said that it may be seen. */
function Veil({ failure }: { readonly failure: Failure | undefined }) {
  useTitleBefore();
  return <div className={styles.veil}>{failure ? <OpeningFailed {...failure} /> : <Opening />}</div>;
}

interface VisitProps extends SessionGateProps {
  /** Nobody is to see it now, but what is typed in it is kept. */
  readonly isHidden: boolean;
}

function Visit({ isHidden, openClients, children }: VisitProps) {
  const clients = useMemo(openClients, [openClients]);
  return (
    <ClientsProvider clients={clients}>
      <div className={styles.visit} data-hidden={isHidden || undefined} inert={isHidden}>
        {children}
      </div>
    </ClientsProvider>
  );
}

function Visitor() {
  return (
    <ErrorBoundary>
      <Suspense fallback={<Opening />}>
        <VisitorPages />
      </Suspense>
    </ErrorBoundary>
  );
}
