import { EmptyState } from '@/shared/ui';
import { useRun } from '../run-context';
import { useWaiting } from '../use-waiting';

/** Why there are no lines. */
export function LogEmpty() {
  const { address } = useRun();
  const { block, level } = address;
  const waiting = useWaiting();
  if (level !== 'DEBUG') {
    return (
      <EmptyState title="No lines of this level">
        The filter shows {level.toLowerCase()} and up; lower levels may have lines.
      </EmptyState>
    );
  }
  const who = block ?? 'the run';
  return (
    <EmptyState title={waiting ? `No logs: ${who} is waiting` : 'No logs'}>
      {waiting ?? `${block ?? 'This run'} has not said anything.`}
    </EmptyState>
  );
}
