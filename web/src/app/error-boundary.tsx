import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { ErrorState } from '../ui/state-message.tsx';

interface State {
  readonly hasFailed: boolean;
}

/** Catches what a part of the page throws while drawing, so that the person sees words and a way on. A class, because React asks for one. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { hasFailed: false };

  static getDerivedStateFromError(): State {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <ErrorState
        icon={<WarningIcon />}
        title="This page has stopped working"
        actions={<Button onClick={() => location.reload()}>Load it again</Button>}
      >
        The fault is ours. Everything that was saved is saved; what was being typed here may be lost.
      </ErrorState>
    );
  }
}
