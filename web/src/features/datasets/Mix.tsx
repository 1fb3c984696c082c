import { formatCount } from '@/shared/text';
import classes from './datasets.module.css';

const KINDS = ['positive', 'negative', 'neutral', 'toxic'] as const;

/** How many of the messages are of each kind: bars, and the numbers in words. */
export function Mix({ mix }: { mix: Record<(typeof KINDS)[number], number> }) {
  const total = KINDS.reduce((sum, kind) => sum + mix[kind], 0);
  return (
    <dl className={classes.mix}>
      {KINDS.map((kind) => (
        <div key={kind}>
          <dt>{kind}</dt>
          <dd>
            <span
              className={classes.share}
              data-kind={kind}
              style={{ width: `${(100 * mix[kind]) / Math.max(1, total)}%` }}
            />
            {formatCount(mix[kind])}
          </dd>
        </div>
      ))}
    </dl>
  );
}
