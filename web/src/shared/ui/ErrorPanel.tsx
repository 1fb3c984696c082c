import { Button, Code } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Problem, useApi, useOnKey, useOnResume } from '@/shared/api';
import { CopyButton } from './CopyButton';
import classes from './ui.module.css';

interface ErrorPanelProps {
  problem: Problem;
  onRetry?: () => void;
}

/** What went wrong, why, and what to do next; it tries again by itself where or once that helps. */
export function ErrorPanel({ problem, onRetry }: ErrorPanelProps) {
  const { key } = useApi();
  const [settled, setSettled] = useState<Problem | null>(null);
  useOnKey(() => {
    if (problem.kind !== 'key') return;
    if (onRetry) onRetry();
    else setSettled(problem);
  });
  useOnResume(() => {
    if (problem.kind === 'network') onRetry?.();
  });
  const left = useCountdown(onRetry ? problem.retryAfterMs : null, problem, onRetry);
  // With the key there it is no problem any more; what was refused is the reader's to do again.
  if (settled === problem) return null;
  return (
    <section className={classes.error} role="alert" aria-label={problem.what}>
      <TriangleAlert aria-hidden size={20} className={classes.errorIcon} />
      <div>
        <h2 className={classes.errorTitle}>{problem.what}</h2>
        <p>{problem.why}</p>
        <p className={classes.dimmed}>{problem.next}</p>
        {problem.errorId && (
          <p>
            <Code>{problem.errorId}</Code>{' '}
            <CopyButton value={problem.errorId} label="Copy the id" />
          </p>
        )}
        <div className={classes.actions}>
          {problem.kind === 'key' && (
            <Button size="xs" onClick={() => key.wanted.set('server')}>
              Enter the key
            </Button>
          )}
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              {left === null ? 'Try again' : `Try again (${left} s)`}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

/** Seconds that are left of a wait, after which it acts; null without a wait. */
function useCountdown(waitMs: number | null, of: unknown, act?: () => void): number | null {
  const [left, setLeft] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each problem has a wait of its own, whatever its length
  useEffect(() => {
    if (waitMs === null || !act) {
      setLeft(null);
      return;
    }
    const end = Date.now() + waitMs;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    const ticking = setInterval(tick, 500);
    const acting = setTimeout(act, waitMs);
    return () => {
      clearInterval(ticking);
      clearTimeout(acting);
    };
  }, [waitMs, of, act]);
  return left;
}
