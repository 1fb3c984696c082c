import { Table } from '@mantine/core';
import { Link } from 'react-router';
import type { SchedulesLiveSubscription } from '@/gql/graphql';
import { RelativeTime, WideContent } from '@/shared/ui';
import { LastTick } from './LastTick';
import { RowActions } from './RowActions';
import classes from './schedules.module.css';

export type ScheduleState = SchedulesLiveSubscription['schedules'][number];

export function ScheduleTable({ schedules }: { schedules: readonly ScheduleState[] }) {
  return (
    <WideContent>
      <Table className={classes.table} aria-label="Schedules">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Pipeline</Table.Th>
            <Table.Th scope="col">When</Table.Th>
            <Table.Th scope="col">Next</Table.Th>
            <Table.Th scope="col">Last tick</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {schedules.map((schedule) => (
            <Row key={schedule.id} schedule={schedule} />
          ))}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}

function Row({ schedule }: { schedule: ScheduleState }) {
  const { name, pipeline, cron, cronInWords, timeZone } = schedule;
  return (
    <Table.Tr data-paused={schedule.paused || undefined}>
      <Table.Th scope="row">
        <Link to={`/schedules/${name}/edit`}>{name}</Link>
      </Table.Th>
      <Table.Td>
        <Link to={`/pipelines/${pipeline.name}`}>{pipeline.name}</Link>
        {pipeline.archivedAt && <span className={classes.dimmed}> archived</span>}
      </Table.Td>
      <Table.Td title={cron} className={classes.wraps}>
        {cronInWords} <span className={classes.dimmed}>{timeZone}</span>
      </Table.Td>
      <Table.Td className={classes.wraps}>
        <Next schedule={schedule} />
      </Table.Td>
      <Table.Td>
        <LastTick tick={schedule.lastTick} />
      </Table.Td>
      <Table.Td>
        <RowActions name={name} paused={schedule.paused} />
      </Table.Td>
    </Table.Tr>
  );
}

function Next({ schedule }: { schedule: ScheduleState }) {
  const { paused, pauseNote, nextFireTimes } = schedule;
  const [next] = nextFireTimes;
  if (paused) {
    return (
      <>
        <strong>Paused</strong>
        {pauseNote && <span className={classes.dimmed}> {pauseNote}</span>}
      </>
    );
  }
  return next === undefined ? <span>Never</span> : <RelativeTime at={next} />;
}
