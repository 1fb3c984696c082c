import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { ArrowUp } from 'lucide-react';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { problemOf, useOnResume } from '@/shared/api';
import { Page, usePage, useSearch } from '@/shared/page';
import { titleMark } from '@/shared/status';
import { shortId } from '@/shared/text';
import { ErrorPanel, LiveRegion, LoadingRows, OpenAsGraphQL, PanelBoundary } from '@/shared/ui';
import { DemoCard } from './demo/DemoCard';
import { RunsPage } from './documents';
import { Filters, type Narrow } from './Filters';
import { isNarrowed, isNewest, narrowed, pageVariables, paramsOf, viewOf } from './model/view';
import { NoMatch } from './NoMatch';
import { Pager } from './Pager';
import { RunTable } from './RunTable';
import classes from './runs.module.css';
import { useCounts } from './use-counts';
import { useListed } from './use-listed';
import { useRowActions } from './use-row-actions';

const NOTHING_YET = { ids: [], goesOn: false };

/** `/runs?status=&pipeline=&q=&after=`. */
export function RunsRoute() {
  const [params, changeParams] = useSearch();
  const view = viewOf(params);
  const variables = pageVariables(view);
  const { data, previousData, error, loading, refetch } = useQuery(RunsPage, {
    variables,
    fetchPolicy: 'cache-and-network',
    // What the list gains later comes by subscription.
    nextFetchPolicy: 'cache-first',
  });
  useOnResume(() => void refetch());
  const counts = useCounts(view);
  const actions = useRowActions();
  const runs = (data ?? previousData)?.runs;
  const page = useMemo(
    () =>
      runs
        ? { ids: runs.nodes.map(({ id }) => id), goesOn: runs.pageInfo.hasNextPage }
        : NOTHING_YET,
    [runs],
  );
  const { shown, waiting, show } = useListed(page, loading, view, () => void refetch());
  const running = counts?.get('RUNNING') ?? 0;
  usePage(running > 0 ? `${titleMark('RUNNING')} ${running} running · Runs` : 'Runs', [
    { label: 'Runs' },
  ]);

  const narrow: Narrow = (more, options) =>
    changeParams((now) => {
      const seen = viewOf(now);
      return paramsOf(narrowed(seen, more(seen)));
    }, options);
  const showNew = () => {
    if (isNewest(view)) show();
    else narrow(() => ({}));
  };
  const isFirstVisit = runs && shown.length === 0 && !isNarrowed(view) && isNewest(view);
  return (
    <Page heading="Runs" actions={<OpenAsGraphQL document={RunsPage} variables={variables} />}>
      {!isFirstVisit && <Filters view={view} counts={counts} narrow={narrow} />}
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {actions.problem && <ErrorPanel problem={actions.problem} />}
      <div role="status">
        {actions.queued && (
          <p className={classes.notice}>
            Run {shortId(actions.queued)} is queued.{' '}
            <Link to={`/runs/${actions.queued}`}>Open it</Link>
          </p>
        )}
      </div>
      {!runs && !error && <LoadingRows label="runs" rows={12} />}
      {isFirstVisit && <DemoCard />}
      {runs && shown.length === 0 && !isFirstVisit && <NoMatch view={view} />}
      {waiting > 0 && (
        <Button
          className={classes.pill}
          size="xs"
          radius="xl"
          leftSection={<ArrowUp size={14} aria-hidden />}
          onClick={showNew}
        >
          {waiting === 1 ? '1 new run' : `${waiting} new runs`}
        </Button>
      )}
      {shown.length > 0 && (
        <LiveRegion>
          <PanelBoundary name="The list of runs">
            <RunTable ids={shown} actions={actions} />
          </PanelBoundary>
        </LiveRegion>
      )}
      {runs && !isFirstVisit && (
        <Pager
          view={view}
          total={runs.totalCount}
          isExact={runs.totalCountExact}
          page={runs.pageInfo}
        />
      )}
    </Page>
  );
}
