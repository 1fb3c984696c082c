import { Button, Table } from '@mantine/core';
import { Link } from 'react-router';
import type { TriggersLiveSubscription } from '@/gql/graphql';
import { StatusBadge } from '@/shared/status';
import { formatCount } from '@/shared/text';
import { RelativeTime, WideContent } from '@/shared/ui';
import classes from './triggers.module.css';
import type { TriggerActions } from './use-trigger-actions';

export type Trigger = TriggersLiveSubscription['triggers'][number];

interface TriggerTableProps {
  triggers: readonly Trigger[];
  actions: TriggerActions;
  onEdit: (name: string) => void;
  onPoison: (name: string) => void;
}

export function TriggerTable({ triggers, ...rest }: TriggerTableProps) {
  return (
    <WideContent>
      <Table verticalSpacing={4} highlightOnHover aria-label="Triggers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Status</Table.Th>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Topic</Table.Th>
            <Table.Th scope="col">Pipeline</Table.Th>
            <Table.Th scope="col">Lag</Table.Th>
            <Table.Th scope="col">Last message</Table.Th>
            <Table.Th scope="col">Poison</Table.Th>
            <Table.Th scope="col">Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {triggers.map((trigger) => (
            <Row key={trigger.id} trigger={trigger} {...rest} />
          ))}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}

type RowProps = Omit<TriggerTableProps, 'triggers'> & { trigger: Trigger };

function Row({ trigger, actions, onEdit, onPoison }: RowProps) {
  const { name, status, pipelineName, poisonCount, lag } = trigger;
  const wrong = trigger.problem ?? (status === 'ACTIVE' ? null : trigger.statusReason);
  const isReading = status === 'ACTIVE';
  return (
    <Table.Tr>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Th scope="row" className={classes.name}>
        {name}
        {wrong && (
          <span className={classes.problem} title={wrong}>
            {wrong}
          </span>
        )}
      </Table.Th>
      <Table.Td>
        <Link to={`/tools/streams?${new URLSearchParams({ topic: trigger.topic })}`}>
          {trigger.topic}
        </Link>
      </Table.Td>
      <Table.Td>
        <Link to={`/pipelines/${pipelineName}`}>{pipelineName}</Link>
      </Table.Td>
      <Table.Td>{lag === null || lag === undefined ? '–' : formatCount(Number(lag))}</Table.Td>
      <Table.Td>
        <Outcome trigger={trigger} />
      </Table.Td>
      <Table.Td>
        {poisonCount === 0 ? (
          '–'
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Poison messages of ${name}`}
            onClick={() => onPoison(name)}
          >
            {formatCount(poisonCount)}
          </Button>
        )}
      </Table.Td>
      <Table.Td>
        <span className={classes.actions}>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`${isReading ? 'Pause' : 'Resume'} ${name}`}
            onClick={() => void (isReading ? actions.pause(name) : actions.resume(name))}
          >
            {isReading ? 'Pause' : 'Resume'}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Edit ${name}`}
            onClick={() => onEdit(name)}
          >
            Edit
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Delete ${name}`}
            onClick={() => actions.ask(name)}
          >
            Delete
          </Button>
        </span>
      </Table.Td>
    </Table.Tr>
  );
}

/** What became of the last message: its run, or why there is none. */
function Outcome({ trigger }: { trigger: Trigger }) {
  const { lastMessageAt, lastRun, lastError } = trigger;
  if (!lastMessageAt) return <>None yet</>;
  return (
    <span className={classes.outcome}>
      <RelativeTime at={lastMessageAt} />
      {lastRun && (
        <Link to={`/runs/${lastRun.id}`}>
          <StatusBadge status={lastRun.status} />
        </Link>
      )}
      {lastError && (
        <span className={classes.problem} title={lastError}>
          {lastError}
        </span>
      )}
    </span>
  );
}
