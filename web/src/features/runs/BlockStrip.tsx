import { lookOf } from '@/shared/status';
import { type BlockCount, cellsOf, inWords } from './model/strip';
import classes from './runs.module.css';

/** How a run's blocks stand, at a glance: each state has its colour and its shape. */
export function BlockStrip({ counts }: { counts: readonly BlockCount[] }) {
  const words = inWords(counts);
  return (
    <span className={classes.strip} role="img" aria-label={words || 'no blocks'} title={words}>
      {cellsOf(counts).map((status, at) => {
        const { tone, icon } = lookOf(status);
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
        return <span key={at} className={classes.cell} data-tone={tone} data-icon={icon} />;
      })}
    </span>
  );
}
