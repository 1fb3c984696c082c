import { Maximize2, Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useEntity, useLiveNow } from '@/shared/api';
import { useFixedRows } from '../fixed-rows';
import { IconButton } from '../IconButton';
import { panned, type Span, tickLabel, ticksOf, zoomed } from '../model/gantt';
import { useRun } from '../run-context';
import { GanttRunFragment } from './documents';
import { GanttRow } from './GanttRow';
import classes from './gantt.module.css';
import { useCriticalPath } from './use-critical-path';

const ROW = 28;
const TICKS = 6;
const STEP = 1.3;

/** What ran when: a row for each block, on one axis of time. */
export function Gantt() {
  const { id, blocks, address } = useRun();
  const run = useEntity(GanttRunFragment, { __typename: 'Run', id });
  const isOver = Boolean(run?.finishedAt);
  const now = useLiveNow(!isOver);
  const [zoom, setZoom] = useState<Span | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, scrolled } = useFixedRows(scroller, blocks.length, ROW);

  const from = Date.parse(run?.createdAt ?? '') || now;
  const to = Math.max(run?.finishedAt ? Date.parse(run.finishedAt) : now, from + 1);
  // A breath of room, so that the last bar has an end to be seen.
  const whole = { from, to: to + (to - from) * 0.02 };
  const seen = zoom ?? whole;
  const critical = useCriticalPath(run?.finishedAt ?? null);

  const turn = (factor: number, place = 0.5) => setZoom(zoomed(seen, whole, factor, place));
  useWheel(scroller, (event, place, isOverAxis) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      setZoom(zoom && panned(zoom, whole, event.deltaX / 1000));
      return true;
    }
    const element = scroller.current;
    const isScrolled = element !== null && element.scrollHeight > element.clientHeight;
    if (isScrolled && !isOverAxis && !event.ctrlKey && !event.metaKey) return false;
    turn(event.deltaY > 0 ? STEP : 1 / STEP, place);
    return true;
  });
  // A selection made elsewhere comes into view.
  const chosen = blocks.findIndex(({ name }) => name === address.block);
  useEffect(() => {
    const element = scroller.current;
    if (chosen < 0 || !element) return;
    const at = chosen * ROW;
    const isSeen =
      at >= element.scrollTop && at + 2 * ROW <= element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTop = at - element.clientHeight / 2;
  }, [chosen]);

  // One at the very edge would be cut off.
  const ticks = ticksOf({ ...seen, to: seen.to - (seen.to - seen.from) * 0.06 }, from, TICKS);
  const place = (at: number) => ((at - seen.from) / (seen.to - seen.from)) * 100;
  return (
    <section className={classes.gantt} aria-label="Time of each block">
      <div className={classes.controls}>
        <IconButton label="Zoom in on time" onClick={() => turn(1 / STEP)}>
          <Plus size={14} aria-hidden />
        </IconButton>
        <IconButton label="Zoom out of time" disabled={zoom === null} onClick={() => turn(STEP)}>
          <Minus size={14} aria-hidden />
        </IconButton>
        <IconButton label="The whole run" disabled={zoom === null} onClick={() => setZoom(null)}>
          <Maximize2 size={14} aria-hidden />
        </IconButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys */}
      <div ref={scroller} className={classes.scroller} onScroll={scrolled} tabIndex={0}>
        <div className={classes.axis} data-axis aria-hidden="true">
          <div className={classes.plot}>
            {ticks.map((tick) => (
              <span key={tick} className={classes.tick} style={{ left: `${place(from + tick)}%` }}>
                {tickLabel(tick)}
              </span>
            ))}
          </div>
        </div>
        <ul className={classes.rows} style={{ height: blocks.length * ROW }} aria-label="Blocks">
          {blocks.slice(first, end).map((block, at) => (
            <GanttRow
              key={block.id}
              block={block}
              position={first + at}
              total={blocks.length}
              seen={seen}
              now={to}
              isCritical={critical.has(block.name)}
              isSelected={block.name === address.block}
            />
          ))}
        </ul>
        {!isOver && place(now) <= 100 && (
          <div className={classes.over} aria-hidden="true">
            <div className={classes.plot}>
              <span className={classes.now} style={{ left: `${place(now)}%` }} />
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

/** A wheel that is taken does not scroll; React's own listeners could not say so. */
function useWheel(
  ref: React.RefObject<HTMLElement | null>,
  turned: (event: WheelEvent, place: number, isOverAxis: boolean) => boolean,
): void {
  const latest = useRef(turned);
  latest.current = turned;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const listener = (event: WheelEvent) => {
      const plot = element.querySelector(`.${classes.plot}`)?.getBoundingClientRect();
      const place = plot?.width ? (event.clientX - plot.left) / plot.width : 0.5;
      const isOverAxis = (event.target as HTMLElement).closest('[data-axis]') !== null;
      if (latest.current(event, Math.min(1, Math.max(0, place)), isOverAxis))
        event.preventDefault();
    };
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, [ref]);
}
