import { StrictMode } from 'react';
import { type Clients, ClientsProvider } from '../rpc/clients.tsx';
import { ToastRegion, ToastsContext } from '../ui/toast-region.tsx';
import type { Toasts } from '../ui/toasts.ts';
import { TooltipLayer } from '../ui/tooltip-layer.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Pages } from './pages.tsx';

export interface AppProps {
  readonly clients: Clients;
  readonly toasts: Toasts;
}

/** The console, over the parts that `main` made. */
export function App({ clients, toasts }: AppProps) {
  return (
    <StrictMode>
      <ErrorBoundary>
        <ClientsProvider clients={clients}>
          <ToastsContext value={toasts}>
            <Pages />
            <ToastRegion />
            <TooltipLayer />
          </ToastsContext>
        </ClientsProvider>
      </ErrorBoundary>
    </StrictMode>
  );
}
