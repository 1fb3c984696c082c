import { memo } from 'react';
import { useEntity } from '@/shared/api';
import { lookOf, StatusIcon } from '@/shared/status';
import { formatDuration } from '@/shared/text';
import { type Segment, type Span, segmentsOf } from '../model/gantt';
import { type PlannedBlock, useRun } from '../run-context';
import { GanttBlockFragment } from './documents';
import classes from './gantt.module.css';

interface GanttRowProps {
  block: PlannedBlock;
  position: number;
  total: number;
  seen: Span;
  now: number;
  isCritical: boolean;
  isSelected: boolean;
}

/** One block: its name, and a bar for each part of its time. */
export const GanttRow = memo(function GanttRow(props: GanttRowProps) {
  const { block: planned, position, total, seen, now, isCritical, isSelected } = props;
  const { address, go } = useRun();
  const block = useEntity(GanttBlockFragment, { __typename: 'BlockRun', id: planned.id });
  if (!block) return null;
  const { label } = lookOf(block.status);
  const length = seen.to - seen.from;
  const choose = (attempt: number | null) =>
    go({ block: isSelected && attempt === address.attempt ? null : planned.name, attempt });
  return (
    <li
      className={classes.row}
      style={{ top: position * 28 }}
      aria-posinset={position + 1}
      aria-setsize={total}
      data-selected={isSelected || undefined}
      data-critical={isCritical || undefined}
    >
      <button
        type="button"
        className={classes.label}
        aria-pressed={isSelected}
        title={`${planned.name}: ${label.toLowerCase()}${isCritical ? ', on the critical path' : ''}`}
        onClick={() => choose(null)}
      >
        <StatusIcon status={block.status} />
        <span className={classes.name}>{planned.name}</span>
        <span className={classes.hidden}>{label}</span>
      </button>
      <div className={classes.plot}>
        {segmentsOf(block, now).map((segment) => {
          const left = (segment.from - seen.from) / length;
          const width = (segment.to - segment.from) / length;
          if (left > 1 || left + width < 0) return null;
          const start = Math.max(0, left);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the label beside it does the same by key
            // biome-ignore lint/a11y/useKeyWithClickEvents: the same
            <span
              key={`${segment.kind} ${segment.from}`}
              className={classes.bar}
              data-kind={segment.kind}
              data-tone={segment.kind === 'attempt' ? lookOf(segment.status).tone : undefined}
              title={sayingOf(segment)}
              style={{
                left: `${start * 100}%`,
                width: `${(Math.min(1, left + width) - start) * 100}%`,
              }}
              onClick={() =>
                choose(
                  segment.kind === 'attempt' && block.attempts.length > 1 ? segment.number : null,
                )
              }
            />
          );
        })}
      </div>
    </li>
  );
});

function sayingOf(segment: Segment): string {
  const length = formatDuration(segment.to - segment.from);
  if (segment.kind === 'queued') return `Waited ${length}`;
  return `Attempt ${segment.number}: ${lookOf(segment.status).label.toLowerCase()}, ${length}`;
}
