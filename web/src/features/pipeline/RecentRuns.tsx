import { Table } from '@mantine/core';
import { Link } from 'react-router';
import { useEntity } from '@/shared/api';
import { RunSummaryFragment, usePipelineRuns } from '@/shared/runs';
import { StatusBadge } from '@/shared/status';
import { shortId } from '@/shared/text';
import { Duration, RelativeTime, WideContent } from '@/shared/ui';
import classes from './pipeline.module.css';

const MOST = 10;

interface RecentRunsProps {
  name: string;
  pipelineId: string;
  given: readonly { id: string }[];
}

export function RecentRuns({ name, pipelineId, given }: RecentRunsProps) {
  const ids = usePipelineRuns(pipelineId, given, MOST);
  return (
    <section aria-label="Recent runs">
      <h2 className={classes.title}>
        Recent runs
        {ids.length > 0 && <Link to={`/runs?pipeline=${name}`}>All of them</Link>}
      </h2>
      {ids.length === 0 ? (
        <p className={classes.dimmed}>No runs yet: Start makes the first one.</p>
      ) : (
        <WideContent>
          <Table verticalSpacing={2} aria-label="Recent runs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Status</Table.Th>
                <Table.Th scope="col">Run</Table.Th>
                <Table.Th scope="col">Version</Table.Th>
                <Table.Th scope="col">Queued</Table.Th>
                <Table.Th scope="col">Duration</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {ids.map((id) => (
                <RunRow key={id} id={id} />
              ))}
            </Table.Tbody>
          </Table>
        </WideContent>
      )}
    </section>
  );
}

function RunRow({ id }: { id: string }) {
  const run = useEntity(RunSummaryFragment, { __typename: 'Run', id });
  if (!run) return null;
  return (
    <Table.Tr>
      <Table.Td>
        <StatusBadge status={run.status} />
      </Table.Td>
      <Table.Th scope="row">
        <Link to={`/runs/${id}`}>{shortId(id)}</Link>
      </Table.Th>
      <Table.Td>{run.version.number}</Table.Td>
      <Table.Td>
        <RelativeTime at={run.createdAt} />
      </Table.Td>
      <Table.Td>
        <Duration from={run.startedAt} to={run.finishedAt} />
      </Table.Td>
    </Table.Tr>
  );
}
