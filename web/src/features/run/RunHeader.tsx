import { Link, useNavigate } from 'react-router';
import { graphql } from '@/gql';
import type { RunHeaderFragment } from '@/gql/graphql';
import { useEntity } from '@/shared/api';
import { useCommands } from '@/shared/commands';
import { Page, usePage } from '@/shared/page';
import { isTerminalRun, lookOf, StatusBadge, titleMark } from '@/shared/status';
import { shortId } from '@/shared/text';
import { CopyButton, Duration, RelativeTime } from '@/shared/ui';
import { RunActions } from './actions/RunActions';
import classes from './run.module.css';
import { SECTION, useRun } from './run-context';
import { StartedBy } from './StartedBy';

const Header = graphql(`
  fragment RunHeader on Run {
    id
    status
    statusReason
    params
    createdAt
    startedAt
    finishedAt
    pipeline {
      id
      name
    }
    version {
      id
      number
    }
    error {
      kind
      message
      block
      retryable
      detail
    }
    progress {
      blocksDone
      blocksTotal
      blocksByStatus {
        status
        count
      }
    }
  }
`);

interface RunHeaderProps {
  onRerun: () => void;
}

/** Where the run stands, what it is a run of, and what can be done with it. */
export function RunHeader({ onRerun }: RunHeaderProps) {
  const header = useEntity(Header, { __typename: 'Run', id: useRun().id });
  return header && <Facts run={header} onRerun={onRerun} />;
}

function Facts({ run, onRerun }: RunHeaderProps & { run: RunHeaderFragment }) {
  const { pipeline, progress, error } = run;
  const { address, go } = useRun();
  const navigate = useNavigate();
  const params = paramsText(run.params);
  const name = `run ${shortId(run.id)}`;
  usePage(`${titleMark(run.status)} ${pipeline.name} · ${name}`, [
    { label: 'Runs', to: '/runs' },
    { label: `${pipeline.name} · ${name}` },
  ]);
  const offer = (id: string, label: string, keys: string, act: () => void) => ({
    id,
    label,
    section: SECTION,
    keys,
    run: act,
  });
  // While something is sought in the log, `n` is its next place.
  const isSeeking = address.tab === 'logs' && address.q !== '';
  const start = () => void navigate(`/pipelines/${pipeline.name}/run`);
  useCommands([
    ...(isTerminalRun(run.status) ? [offer('run.rerun', 'Re-run', 'r', onRerun)] : []),
    ...(isSeeking ? [] : [offer('run.start', `Start a run of ${pipeline.name}`, 'n', start)]),
  ]);
  return (
    <Page
      heading={
        <>
          <Link to={`/pipelines/${pipeline.name}`}>{pipeline.name}</Link> {name}
        </>
      }
      actions={<RunActions status={run.status} onRerun={onRerun} />}
    >
      <dl className={classes.facts}>
        <div>
          <dt>Status</dt>
          <dd>
            <StatusBadge status={run.status} />
          </dd>
        </div>
        <div>
          <dt>Blocks</dt>
          <dd>
            {progress.blocksDone}/{progress.blocksTotal}
          </dd>
        </div>
        <div>
          <dt>Duration</dt>
          <dd>
            <Duration from={run.startedAt} to={run.finishedAt} />
          </dd>
        </div>
        <div>
          <dt>Queued</dt>
          <dd>
            <RelativeTime at={run.createdAt} />
          </dd>
        </div>
        <div>
          <dt>Started by</dt>
          <dd>
            <StartedBy />
          </dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>{run.version.number}</dd>
        </div>
        {params && (
          <div>
            <dt>Params</dt>
            <dd>
              <button
                type="button"
                className={classes.params}
                title={params}
                onClick={() => go({ tab: 'io', block: null })}
              >
                {params}
              </button>
            </dd>
          </div>
        )}
        <div>
          <dt>Id</dt>
          <dd className={classes.id}>
            {run.id} <CopyButton value={run.id} label="Copy the run's id" />
          </dd>
        </div>
      </dl>
      <p role="status" className={classes.hidden}>
        {isTerminalRun(run.status) && `The run ${lookOf(run.status).label.toLowerCase()}`}
      </p>
      {error && !error.block && <p className={classes.reason}>{error.message}</p>}
      {!error && run.statusReason && <p className={classes.reason}>{run.statusReason}</p>}
    </Page>
  );
}

/** `input_path=data/a.csv, limit=3` */
function paramsText(params: unknown): string {
  if (typeof params !== 'object' || params === null) return '';
  return Object.entries(params)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
