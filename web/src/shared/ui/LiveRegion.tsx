import type { ReactNode } from 'react';
import { useStale } from '@/shared/api';
import classes from './ui.module.css';

interface LiveRegionProps {
  children: ReactNode;
  className?: string;
}

/** What is live inside of it is outlined, and called stale, while nothing live comes in. */
export function LiveRegion({ children, className }: LiveRegionProps) {
  const stale = useStale();
  return (
    <div className={`${classes.live} ${className ?? ''}`} data-stale={stale || undefined}>
      {stale && <span className={classes.staleNote}>Stale</span>}
      {children}
    </div>
  );
}
