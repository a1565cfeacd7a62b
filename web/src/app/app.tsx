import { StrictMode } from 'react';
import { type Clients, ClientsProvider } from '../rpc/clients.tsx';
import type { Recorder } from '../rpc/recorder.ts';
import { ToastRegion, ToastsContext } from '../ui/toast-region.tsx';
import type { Toasts } from '../ui/toasts.ts';
import { TooltipLayer } from '../ui/tooltip-layer.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Pages } from './pages.tsx';

export interface AppProps {
  readonly clients: Clients;
  readonly recorder: Recorder;
  readonly toasts: Toasts;
}

/** The console, over the parts that `main` made. */
export function App({ clients, recorder, toasts }: AppProps) {
  return (
    <StrictMode>
      <ErrorBoundary>
        <ClientsProvider clients={clients}>
          <ToastsContext value={toasts}>
            <Pages recorder={recorder} />
            <ToastRegion />
            <TooltipLayer />
          </ToastsContext>
        </ClientsProvider>
      </ErrorBoundary>
    </StrictMode>
  );
}
