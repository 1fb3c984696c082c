import { Link } from 'react-router';
import { useEntity } from '@/shared/api';
import { RunSummaryFragment } from '@/shared/runs';
import { lookOf, StatusIcon } from '@/shared/status';
import { formatMoment, shortId } from '@/shared/text';
import classes from './pipelines.module.css';

export const RUNS_SHOWN = 8;

/** The last runs, oldest first, each as the sign of how it stands; a click leads to it. */
export function RunStrip({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return <span className={classes.none}>No runs yet</span>;
  return (
    <span className={classes.strip}>
      {ids.toReversed().map((id) => (
        <RunSign key={id} id={id} />
      ))}
    </span>
  );
}

function RunSign({ id }: { id: string }) {
  const run = useEntity(RunSummaryFragment, { __typename: 'Run', id });
  if (!run) return null;
  const told = `${lookOf(run.status).label}, run ${shortId(id)}`;
  return (
    <Link
      to={`/runs/${id}`}
      className={classes.sign}
      aria-label={told}
      title={`${told}, ${formatMoment(run.createdAt)}`}
    >
      <StatusIcon status={run.status} size={16} />
    </Link>
  );
}
