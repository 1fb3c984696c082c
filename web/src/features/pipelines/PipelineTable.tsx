import type { FragmentType } from '@apollo/client';
import { Button, Table } from '@mantine/core';
import { useRef } from 'react';
import { Link } from 'react-router';
import { useEntity } from '@/shared/api';
import { useRowCommands } from '@/shared/commands';
import { ExportButtons } from '@/shared/pipelines';
import { RunSummaryFragment, usePipelineRuns } from '@/shared/runs';
import { Duration, RelativeTime, WideContent } from '@/shared/ui';
import { PipelineRowFragment } from './documents';
import classes from './pipelines.module.css';
import { RUNS_SHOWN, RunStrip } from './RunStrip';

type Listed = FragmentType<typeof PipelineRowFragment> & {
  id: string;
  recent: { nodes: readonly { id: string }[] };
};

export function PipelineTable({ pipelines }: { pipelines: readonly Listed[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowCommands({ rows: body, section: 'Pipelines', noun: 'pipeline' });
  return (
    <WideContent>
      <Table verticalSpacing={4} highlightOnHover aria-label="Pipelines">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Blocks</Table.Th>
            <Table.Th scope="col">Version</Table.Th>
            <Table.Th scope="col">Last runs</Table.Th>
            <Table.Th scope="col">Last duration</Table.Th>
            <Table.Th scope="col">Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {pipelines.map((pipeline) => (
            <PipelineRow key={pipeline.id} listed={pipeline} />
          ))}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}

function PipelineRow({ listed }: { listed: Listed }) {
  const pipeline = useEntity(PipelineRowFragment, listed);
  const runs = usePipelineRuns(listed.id, listed.recent.nodes, RUNS_SHOWN);
  if (!pipeline) return null;
  const { name, description, latestVersion, archivedAt } = pipeline;
  return (
    <Table.Tr data-pipeline={archivedAt ? undefined : name}>
      <Table.Th scope="row" className={classes.name}>
        <Link to={`/pipelines/${name}`} data-row>
          {name}
        </Link>
        {archivedAt && <span className={classes.archived}>Archived</span>}
        {description && (
          <span className={classes.description} title={description}>
            {description}
          </span>
        )}
      </Table.Th>
      <Table.Td>{latestVersion.graph.nodes.length}</Table.Td>
      <Table.Td>
        <span className={classes.version}>
          {latestVersion.number} · <RelativeTime at={latestVersion.createdAt} />
        </span>
      </Table.Td>
      <Table.Td>
        <RunStrip ids={runs} />
      </Table.Td>
      <Table.Td>{runs[0] ? <LastDuration id={runs[0]} /> : '–'}</Table.Td>
      <Table.Td>
        <span className={classes.actions}>
          {!archivedAt && (
            <Button
              size="compact-xs"
              component={Link}
              to={`/pipelines/${name}/run`}
              aria-label={`Start ${name}`}
            >
              Start
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="default"
            component={Link}
            to={`/pipelines/${name}/edit`}
            aria-label={`Edit ${name}`}
          >
            Edit
          </Button>
          <ExportButtons name={name} compact />
        </span>
      </Table.Td>
    </Table.Tr>
  );
}

function LastDuration({ id }: { id: string }) {
  const run = useEntity(RunSummaryFragment, { __typename: 'Run', id });
  return run && <Duration from={run.startedAt} to={run.finishedAt} />;
}
