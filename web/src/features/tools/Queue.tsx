import { Table } from '@mantine/core';
import { Link } from 'react-router';
import type { ToolsQueueSubscription } from '@/gql/graphql';
import { StatusBadge } from '@/shared/status';
import { formatCount, shortId } from '@/shared/text';
import { Duration, WideContent } from '@/shared/ui';
import classes from './tools.module.css';

type QueueState = ToolsQueueSubscription['queue'];

export function Queue({ queue }: { queue: QueueState }) {
  const { nodes, pageInfo } = queue.byRun;
  return (
    <>
      <dl className={classes.facts}>
        <Figure name="Depth" value={queue.depth} />
        <Figure name="Waiting" value={queue.waiting} />
        <Figure name="Ready" value={queue.ready} />
        <Figure name="Running" value={queue.running} />
        <div>
          <dt>Longest wait</dt>
          <dd>
            <Duration from={queue.oldestReadyAt} to={null} />
          </dd>
        </div>
      </dl>
      {nodes.length === 0 ? (
        <p className={classes.dimmed}>No run is under way, so nothing waits.</p>
      ) : (
        <WideContent>
          <Table className={classes.table} aria-label="Queue by run">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Status</Table.Th>
                <Table.Th scope="col">Run</Table.Th>
                <Table.Th scope="col">Pipeline</Table.Th>
                <Table.Th scope="col">Waiting</Table.Th>
                <Table.Th scope="col">Ready</Table.Th>
                <Table.Th scope="col">Running</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {nodes.map(({ run, waiting, ready, running }) => (
                <Table.Tr key={run.id}>
                  <Table.Td>
                    <StatusBadge status={run.status} />
                  </Table.Td>
                  <Table.Th scope="row">
                    <Link to={`/runs/${run.id}`}>{shortId(run.id)}</Link>
                  </Table.Th>
                  <Table.Td>{run.pipeline.name}</Table.Td>
                  <Table.Td>{formatCount(waiting)}</Table.Td>
                  <Table.Td>{formatCount(ready)}</Table.Td>
                  <Table.Td>{formatCount(running)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideContent>
      )}
      {pageInfo.hasNextPage && (
        <p className={classes.dimmed}>
          The oldest {nodes.length} runs are shown; the list of runs has all of them.
        </p>
      )}
    </>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{formatCount(value)}</dd>
    </div>
  );
}
