import { Link } from 'react-router';
import { StatusBadge } from '@/shared/status';
import { formatCount, shortId } from '@/shared/text';
import { RelativeTime } from '@/shared/ui';
import type { ScheduleState } from './ScheduleTable';
import classes from './schedules.module.css';

/** What became of the newest tick: the run that it started, or why it started none. */
export function LastTick({ tick }: { tick: ScheduleState['lastTick'] }) {
  if (!tick) return <span>–</span>;
  const { at, outcome, message, count, run } = tick;
  const isStarted = outcome === 'STARTED';
  return (
    <span className={classes.tick} title={message ?? undefined}>
      <StatusBadge status={isStarted && run ? run.status : outcome} />
      {count > 1 && <span>{formatCount(count)} ticks</span>}
      {run && (
        <Link to={`/runs/${run.id}`} aria-label={`Run ${shortId(run.id)}`}>
          {shortId(run.id)}
        </Link>
      )}
      <RelativeTime at={at} />
      {!isStarted && message && <span className={classes.why}>{message}</span>}
    </span>
  );
}
