import { useLiveState } from '@/shared/api';
import { StatusBadge } from '@/shared/status';
import { StreamHealth } from './documents';
import classes from './streams.module.css';

/** That events do not get to the stream, since when, and how many wait; nothing while they do. */
export function Outage() {
  const { data } = useLiveState(StreamHealth);
  const check = data?.service.checks.find(({ name }) => name === 'stream');
  if (!check || check.ok) return null;
  return (
    <p role="alert" className={classes.bar}>
      <StatusBadge status="NOT_WELL" />
      <span>{check.message}. Nothing is lost: events go out when the brokers answer again.</span>
    </p>
  );
}
