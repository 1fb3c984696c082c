import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { problemOf, useOnResume } from '@/shared/api';
import { Page, usePage } from '@/shared/page';
import { EmptyState, ErrorPanel, LoadingRows, OpenAsGraphQL, PanelBoundary } from '@/shared/ui';
import { DatasetTable } from './DatasetTable';
import classes from './datasets.module.css';
import { DatasetsPage } from './documents';
import { SynthesizeForm } from './SynthesizeForm';

const UseDialog = lazy(() => import('./UseDialog'));
const PAGE_SIZE = 50;

/** `/datasets?show=&after=`. */
export function DatasetsRoute() {
  const [params, setParams] = useSearchParams();
  const [used, setUsed] = useState<string | null>(null);
  const shown = params.get('show') ?? '';
  const after = params.get('after');
  const variables = { first: PAGE_SIZE, after };
  const { data, error, refetch } = useQuery(DatasetsPage, {
    variables,
    fetchPolicy: 'cache-and-network',
  });
  useOnResume(() => void refetch());
  const name = data?.datasets?.nodes.find(({ path }) => path === shown)?.name;
  usePage(name ? `${name} · Datasets` : 'Datasets', [{ label: 'Datasets' }]);
  const show = (path: string) =>
    setParams({ ...(after ? { after } : {}), ...(path ? { show: path } : {}) }, { replace: true });
  const { nodes, pageInfo } = data?.datasets ?? {};
  return (
    <Page
      heading="Datasets"
      actions={<OpenAsGraphQL document={DatasetsPage} variables={variables} />}
    >
      <PanelBoundary name="The form to make up a dataset">
        <SynthesizeForm use={setUsed} />
      </PanelBoundary>
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="datasets" />}
      {nodes?.length === 0 && (
        <EmptyState title={after ? 'This page is past the end of the list' : 'No datasets yet'}>
          CSV, TSV, JSON Lines and Parquet files in the data folder are listed here.
        </EmptyState>
      )}
      {nodes && nodes.length > 0 && (
        <PanelBoundary name="The list of datasets">
          <DatasetTable datasets={nodes} shown={shown} show={show} use={setUsed} />
        </PanelBoundary>
      )}
      <nav className={classes.pager} aria-label="Pages of datasets">
        {after && (
          <Button size="xs" variant="default" component={Link} to="/datasets">
            First page
          </Button>
        )}
        {pageInfo?.hasNextPage && pageInfo.endCursor && (
          <Button
            size="xs"
            variant="default"
            component={Link}
            to={`?${new URLSearchParams({ after: pageInfo.endCursor })}`}
          >
            Next page
          </Button>
        )}
      </nav>
      {used !== null && (
        <Suspense>
          <UseDialog path={used} onClose={() => setUsed(null)} />
        </Suspense>
      )}
    </Page>
  );
}
