import { Table } from '@mantine/core';
import type { ToolsWorkersSubscription } from '@/gql/graphql';
import { StatusBadge } from '@/shared/status';
import { Duration, EmptyState, RelativeTime, WideContent } from '@/shared/ui';
import classes from './tools.module.css';

type WorkerState = ToolsWorkersSubscription['workers'][number];

export function Workers({ workers }: { workers: readonly WorkerState[] }) {
  if (workers.length === 0) {
    return (
      <EmptyState title="No worker lives">
        Runs wait until one starts: <code>headrace worker</code>, or <code>headrace serve</code>,
        which brings one along.
      </EmptyState>
    );
  }
  return (
    <WideContent>
      <Table className={classes.table} aria-label="Workers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Status</Table.Th>
            <Table.Th scope="col">Worker</Table.Th>
            <Table.Th scope="col">Heartbeat</Table.Th>
            <Table.Th scope="col">Slots</Table.Th>
            <Table.Th scope="col">Runs now</Table.Th>
            <Table.Th scope="col">Version</Table.Th>
            <Table.Th scope="col">Started</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {workers.map((worker) => (
            <Row key={worker.id} worker={worker} />
          ))}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}

function Row({ worker }: { worker: WorkerState }) {
  const { name, host, pid, running, capacity } = worker;
  return (
    <Table.Tr>
      <Table.Td>
        <StatusBadge status={worker.status} />
      </Table.Td>
      <Table.Th scope="row" title={`Process ${pid} on ${host}`}>
        {name}
      </Table.Th>
      <Table.Td>
        <Duration from={worker.lastSeenAt} to={null} /> ago
      </Table.Td>
      <Table.Td>
        {running.length}/{capacity}
      </Table.Td>
      <Table.Td className={classes.running} title={running.map((block) => block.name).join(', ')}>
        {running.map((block) => block.name).join(', ') || '–'}
      </Table.Td>
      <Table.Td>{worker.version}</Table.Td>
      <Table.Td>
        <RelativeTime at={worker.startedAt} />
      </Table.Td>
    </Table.Tr>
  );
}
