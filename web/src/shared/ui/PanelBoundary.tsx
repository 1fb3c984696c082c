import { Component, type ReactNode } from 'react';
import type { Problem } from '@/shared/api';
import { ErrorPanel } from './ErrorPanel';

interface PanelBoundaryProps {
  /** The panel's name, as its reader knows it. */
  name: string;
  children: ReactNode;
}

/** One around each panel: a fault in it takes nothing else with it. */
export class PanelBoundary extends Component<PanelBoundaryProps, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <ErrorPanel
        problem={faultOf(this.props.name, error)}
        onRetry={() => this.setState({ error: null })}
      />
    );
  }
}

export function faultOf(name: string, error: unknown): Problem {
  return {
    kind: 'server',
    what: `${name} could not be shown`,
    why: error instanceof Error ? error.message : String(error),
    next: 'Try again; if it stays like this, it is a fault of these pages.',
    retryAfterMs: null,
    errorId: null,
  };
}
