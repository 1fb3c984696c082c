import { useRef } from 'react';
import { StatusIcon } from '@/shared/status';
import { formatClock } from '@/shared/text';
import { EmptyState, ErrorPanel, LoadingRows } from '@/shared/ui';
import { useFixedRows } from '../fixed-rows';
import { useRun } from '../run-context';
import classes from './run-tabs.module.css';
import { useTimeline } from './use-timeline';

const ROW = 28;

/** Every event of record, in order; of one block where one is selected. */
export function EventsTab() {
  const { address } = useRun();
  const { events, problem, isLoading, retry } = useTimeline();
  const scroller = useRef<HTMLDivElement>(null);
  const shown =
    address.block === null ? events : events.filter(({ block }) => block === address.block);
  const { first, end, scrolled } = useFixedRows(scroller, shown.length, ROW);
  if (problem) return <ErrorPanel problem={problem} onRetry={retry} />;
  if (isLoading) return <LoadingRows label="the events" rows={10} />;
  if (shown.length === 0) {
    return (
      <EmptyState title="No events">
        Nothing has happened to {address.block ?? 'this run'} yet.
      </EmptyState>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
    <div ref={scroller} className={classes.events} onScroll={scrolled} tabIndex={0}>
      <ol className={classes.rows} aria-label="Events" style={{ height: shown.length * ROW }}>
        {shown.slice(first, end).map(({ seq, timestamp, message, status }, at) => (
          <li
            key={seq}
            aria-posinset={first + at + 1}
            aria-setsize={shown.length}
            className={classes.event}
            style={{ top: (first + at) * ROW }}
          >
            <span className={classes.seq}>{seq}</span>
            <time className={classes.moment} dateTime={timestamp}>
              {formatClock(timestamp)}
            </time>
            {status ? <StatusIcon status={status} /> : <span className={classes.noIcon} />}
            <span title={message}>{message}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
