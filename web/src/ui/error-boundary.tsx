import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { WarningIcon } from './icons.tsx';
import { ErrorState } from './state-message.tsx';

interface State {
  /** `absent`: its code could not be fetched. `broken`: it has thrown while it was drawn. */
  readonly fault: 'absent' | 'broken' | undefined;
}

/** Stands in for a part of the page that cannot be drawn, so that the person sees words and a way on. A class, because React asks for one. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { fault: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { fault: isAbsence(error) ? 'absent' : 'broken' };
  }

  override render(): ReactNode {
    switch (this.state.fault) {
      case undefined:
        return this.props.children;
      case 'absent':
        return (
          <Fault title="This could not be loaded">
            Either there was no connection when it was needed, or Roster has been renewed since this page was loaded.
          </Fault>
        );
      case 'broken':
        return (
          <Fault title="This page has stopped working">
            The fault is ours. Everything that was saved is saved; what was being typed here may be lost.
          </Fault>
        );
    }
  }
}

function Fault({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <ErrorState
      icon={<WarningIcon />}
      title={title}
      actions={<Button onClick={() => location.reload()}>Load the page again</Button>}
    >
      {children}
    </ErrorState>
  );
}

/** Browsers have words of their own for a module that cannot be fetched, and Vite for its style sheet. */
function isAbsence(error: unknown): boolean {
  return (
    error instanceof Error && /dynamically imported module|importing a module script|preload CSS/i.test(error.message)
  );
}
