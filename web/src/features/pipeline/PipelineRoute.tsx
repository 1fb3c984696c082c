import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { Link, Outlet, useNavigate, useParams } from 'react-router';
import { problemOf, useOnResume } from '@/shared/api';
import { useCommands } from '@/shared/commands';
import { Page, usePage } from '@/shared/page';
import { ExportButtons, NoSuchPipeline } from '@/shared/pipelines';
import { ErrorPanel, LiveRegion, LoadingRows, OpenAsGraphQL, PanelBoundary } from '@/shared/ui';
import { ArchiveButton } from './ArchiveButton';
import { PipelineDetail } from './documents';
import { ParamTable } from './ParamTable';
import classes from './pipeline.module.css';
import { RecentRuns } from './RecentRuns';
import { useShown } from './use-shown';
import { VersionList } from './VersionList';
import { VersionView } from './VersionView';

/** `/pipelines/:name?v=&against=&block=`; the dialog that starts a run opens over it. */
export function PipelineRoute() {
  const { name = '' } = useParams();
  usePage(name, [{ label: 'Pipelines', to: '/pipelines' }, { label: name }]);
  const { data, error, refetch } = useQuery(PipelineDetail, {
    variables: { name },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  useOnResume(() => void refetch());
  const navigate = useNavigate();
  const shown = useShown();
  const pipeline = data?.pipeline;
  const canStart = pipeline?.archivedAt === null;
  useCommands([
    {
      id: 'pipeline.edit',
      label: `Edit ${name}`,
      section: 'Pipeline',
      keys: 'e',
      run: () => void navigate(`/pipelines/${name}/edit`),
    },
    {
      id: 'pipeline.start',
      label: `Start a run of ${name}`,
      section: 'Pipeline',
      keys: 'n',
      run: () => {
        if (canStart) void navigate(`/pipelines/${name}/run`);
      },
    },
  ]);
  if (data && !pipeline && !error) return <NoSuchPipeline name={name} />;
  const number = shown.version ?? pipeline?.latestVersion.number;
  return (
    <Page
      heading={
        <>
          {name} {pipeline?.archivedAt && <span className={classes.archived}>Archived</span>}
        </>
      }
      actions={
        pipeline && (
          <>
            <OpenAsGraphQL document={PipelineDetail} variables={{ name }} />
            {canStart && (
              <Button size="xs" component={Link} to="run">
                Start
              </Button>
            )}
            <Button size="xs" variant="default" component={Link} to={`/pipelines/${name}/edit`}>
              Edit
            </Button>
            {canStart && (
              <Button
                size="xs"
                variant="default"
                component={Link}
                to={`/schedules/new?${new URLSearchParams({ pipeline: name })}`}
              >
                Schedule
              </Button>
            )}
            <ExportButtons name={name} />
            {canStart && <ArchiveButton name={name} />}
          </>
        )
      }
    >
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="the pipeline" rows={18} />}
      {pipeline && number !== undefined && (
        <>
          {pipeline.description && <p className={classes.about}>{pipeline.description}</p>}
          <PanelBoundary name="The version">
            <VersionView name={name} number={number} latest={pipeline.latestVersion.number} />
          </PanelBoundary>
          <div className={classes.panels}>
            <LiveRegion>
              <PanelBoundary name="The list of runs">
                <RecentRuns name={name} pipelineId={pipeline.id} given={pipeline.recent.nodes} />
              </PanelBoundary>
            </LiveRegion>
            <VersionList versions={pipeline.versions.nodes} current={number} />
            <ParamTable params={pipeline.params} />
          </div>
        </>
      )}
      <Outlet />
    </Page>
  );
}
