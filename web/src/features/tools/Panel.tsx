import { type ReactNode, useId } from 'react';
import type { LiveState } from '@/shared/api';
import { ErrorPanel, LiveRegion, LoadingRows, PanelBoundary } from '@/shared/ui';
import classes from './tools.module.css';

interface PanelProps {
  title: string;
  children: ReactNode;
}

export function Panel({ title, children }: PanelProps) {
  const heading = useId();
  return (
    <section className={classes.panel} aria-labelledby={heading}>
      <h2 id={heading} className={classes.title}>
        {title}
      </h2>
      <PanelBoundary name={title}>{children}</PanelBoundary>
    </section>
  );
}

interface LivePanelProps<TData> {
  title: string;
  /** How many rows it takes while nothing came yet. */
  rows: number;
  state: LiveState<TData>;
  children: (data: TData) => ReactNode;
}

/** A panel of what is told live; it says so when nothing comes any more. */
export function LivePanel<TData>({ title, rows, state, children }: LivePanelProps<TData>) {
  const { data, problem, restart } = state;
  return (
    <Panel title={title}>
      {problem && <ErrorPanel problem={problem} onRetry={restart} />}
      {!data && !problem && <LoadingRows label={title} rows={rows} />}
      {data && <LiveRegion>{children(data)}</LiveRegion>}
    </Panel>
  );
}
