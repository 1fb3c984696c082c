import { ActionIcon, Table } from '@mantine/core';
import { CircleStop, RotateCcw } from 'lucide-react';
import { memo } from 'react';
import { Link } from 'react-router';
import { useEntity } from '@/shared/api';
import { RunSummaryFragment } from '@/shared/runs';
import { isCancellable, isTerminalRun, lookOf, StatusBadge } from '@/shared/status';
import { shortId } from '@/shared/text';
import { CopyButton, Duration, RelativeTime } from '@/shared/ui';
import { BlockStrip } from './BlockStrip';
import { paramsInWords } from './model/params';
import classes from './runs.module.css';
import type { RowActions } from './use-row-actions';

interface RunRowProps extends Pick<RowActions, 'cancel' | 'rerun'> {
  id: string;
  /** Whether an action waits for the server. */
  waits: boolean;
}

/** One run, which follows its own entry in the cache: what else the page hears of draws no row. */
export const RunRow = memo(function RunRow({ id, waits, cancel, rerun }: RunRowProps) {
  const run = useEntity(RunSummaryFragment, { __typename: 'Run', id });
  if (!run) return null;
  const { progress, pipeline, status } = run;
  const name = shortId(id);
  const params = paramsInWords(run.params);
  return (
    <Table.Tr data-pipeline={pipeline.name}>
      <Table.Td title={run.statusReason ?? undefined}>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Th scope="row">
        <span className={classes.id}>
          <Link to={`/runs/${id}`} title={id} data-row>
            {name}
          </Link>
          <CopyButton value={id} label={`Copy the id of ${name}`} />
        </span>
      </Table.Th>
      <Table.Td>
        <Link to={`/pipelines/${pipeline.name}`}>{pipeline.name}</Link>
      </Table.Td>
      <Table.Td data-column="Blocks">
        <span className={classes.blocks}>
          <BlockStrip counts={progress.blocksByStatus} />
          <span>
            {progress.blocksDone}/{progress.blocksTotal}
          </span>
        </span>
      </Table.Td>
      <Table.Td>{run.startedAt ? <RelativeTime at={run.startedAt} /> : '–'}</Table.Td>
      <Table.Td>
        <Duration from={run.startedAt} to={run.finishedAt} />
      </Table.Td>
      <Table.Td data-column="By">{run.trigger.toLowerCase()}</Table.Td>
      <Table.Td data-column="Params" className={classes.params} title={params}>
        {params}
      </Table.Td>
      <Table.Td>
        {isCancellable(status) && (
          <ActionIcon
            size={24}
            variant="subtle"
            color="gray"
            title="Cancel"
            aria-label={`Cancel ${name}`}
            loading={waits}
            onClick={() => cancel(id)}
          >
            <CircleStop size={14} aria-hidden />
          </ActionIcon>
        )}
        {isTerminalRun(status) && (
          <ActionIcon
            size={24}
            variant="subtle"
            color="gray"
            title="Re-run"
            aria-label={`Re-run ${name}`}
            loading={waits}
            onClick={() =>
              // Of a run that did all it had to do, nothing is left to begin at.
              rerun(id, lookOf(status).tone === 'succeeded' ? 'START' : 'FAILED')
            }
          >
            <RotateCcw size={14} aria-hidden />
          </ActionIcon>
        )}
      </Table.Td>
    </Table.Tr>
  );
});
