import type { ReactNode } from 'react';
import classes from './ui.module.css';

interface EmptyStateProps {
  title: string;
  /** Why there is nothing, and what would be here. */
  children?: ReactNode;
  actions?: ReactNode;
}

export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <section className={classes.empty}>
      <h2 className={classes.emptyTitle}>{title}</h2>
      {children && <div className={classes.dimmed}>{children}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </section>
  );
}
