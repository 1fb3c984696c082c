import { StatusIcon } from './StatusIcon';
import { lookOf, type Status } from './status';
import classes from './status.module.css';

/** A status as icon, word and colour. */
export function StatusBadge({ status }: { status: Status }) {
  const { label, tone, dashed } = lookOf(status);
  return (
    <span className={classes.badge} data-tone={tone} data-dashed={dashed || undefined}>
      <StatusIcon status={status} size={14} />
      {label}
    </span>
  );
}
