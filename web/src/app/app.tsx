import { StrictMode } from 'react';
import { type Clients, ClientsProvider } from '../rpc/clients.tsx';
import type { Recorder } from '../rpc/recorder.ts';
import type { Arrivals } from '../session/arrival.ts';
import { ArrivalsContext } from '../session/arrival-context.tsx';
import { SessionProvider } from '../session/session-context.tsx';
import type { SessionStore } from '../session/session-store.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { ToastsProvider } from '../ui/toast-region.tsx';
import { TooltipLayer } from '../ui/tooltip-layer.tsx';
import { Pages } from './pages.tsx';
import { SessionGate } from './session-gate.tsx';

export interface AppProps {
  readonly session: SessionStore;
  readonly arrivals: Arrivals;
  /** The clients of whoever is not signed in. */
  readonly clients: Clients;
  /** Makes the clients of one visit. */
  readonly openClients: () => Clients;
  readonly recorder: Recorder;
}

/** The console, over the parts that `main` made. */
export function App({ session, arrivals, clients, openClients, recorder }: AppProps) {
  return (
    <StrictMode>
      <ErrorBoundary>
        <SessionProvider session={session}>
          <ArrivalsContext value={arrivals}>
            <ClientsProvider clients={clients}>
              <SessionGate openClients={openClients}>
                <ToastsProvider>
                  <Pages recorder={recorder} />
                </ToastsProvider>
              </SessionGate>
              <TooltipLayer />
            </ClientsProvider>
          </ArrivalsContext>
        </SessionProvider>
      </ErrorBoundary>
    </StrictMode>
  );
}
