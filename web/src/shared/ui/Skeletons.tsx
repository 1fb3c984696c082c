import { Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';

export const SKELETON_AFTER_MS = 150;

/** True once it was mounted for that long: what is quick is not announced first. */
export function useDelayed(ms = SKELETON_AFTER_MS): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return passed;
}

/** Holds the final size at once, and draws grey in it after a moment. */
export function Loading({ label, height, children }: LoadingProps) {
  const drawn = useDelayed();
  return (
    <div role="status" aria-label={`Loading ${label}`} style={{ minHeight: height }}>
      {drawn && (children ?? <Skeleton height={height} animate={false} />)}
    </div>
  );
}

interface LoadingProps {
  label: string;
  height: number;
  children?: ReactNode;
}

const KEYS = Array.from({ length: 50 }, (_, at) => `row-${at}`);

/** Rows of a table that is still to come. */
export function LoadingRows({ label, rows = 8, rowHeight = 28 }: LoadingRowsProps) {
  return (
    <Loading label={label} height={rows * rowHeight}>
      {KEYS.slice(0, rows).map((key) => (
        <div key={key} style={{ height: rowHeight, paddingTop: 6 }}>
          <Skeleton height={rowHeight - 12} animate={false} />
        </div>
      ))}
    </Loading>
  );
}

interface LoadingRowsProps {
  label: string;
  /** At most 50. */
  rows?: number;
  rowHeight?: number;
}
