import { useQuery } from '@apollo/client/react';
import { Button, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { Link } from 'react-router';
import { problemOf, useOnResume } from '@/shared/api';
import { useCommands } from '@/shared/commands';
import { Page, usePage } from '@/shared/page';
import { formatCount } from '@/shared/text';
import {
  EmptyState,
  ErrorPanel,
  LiveRegion,
  LoadingRows,
  OpenAsGraphQL,
  PanelBoundary,
} from '@/shared/ui';
import { PipelinesPage } from './documents';
import { NoPipelines } from './NoPipelines';
import { Paging } from './Paging';
import { PipelineTable } from './PipelineTable';
import classes from './pipelines.module.css';
import { useFilters } from './use-filters';

/** `/pipelines?q=&archived=&after=`. */
export function PipelinesRoute() {
  usePage('Pipelines', [{ label: 'Pipelines' }]);
  const { filters, variables, set } = useFilters();
  const { data, error, refetch, previousData } = useQuery(PipelinesPage, {
    variables,
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  useOnResume(() => void refetch());
  const field = useRef<HTMLInputElement>(null);
  useCommands([
    {
      id: 'pipelines.filter',
      label: 'Filter by name',
      section: 'Pipelines',
      keys: '/',
      run: () => field.current?.focus(),
    },
  ]);
  const page = (data ?? previousData)?.pipelines;
  const isFiltered = filters.q !== '' || filters.archived;
  const isEmpty = page?.nodes.length === 0;
  return (
    <Page
      heading="Pipelines"
      actions={
        <>
          <OpenAsGraphQL document={PipelinesPage} variables={variables} />
          <Button size="xs" component={Link} to="/pipelines/new">
            New pipeline
          </Button>
        </>
      }
    >
      <div className={classes.filters}>
        <TextInput
          ref={field}
          size="xs"
          type="search"
          aria-label="Name contains"
          placeholder="Name contains"
          value={filters.q}
          onChange={(event) => set({ q: event.currentTarget.value })}
        />
        <label className={classes.check}>
          <input
            type="checkbox"
            checked={filters.archived}
            onChange={(event) => set({ archived: event.currentTarget.checked ? '1' : '' })}
          />
          Archived
        </label>
        {page && (
          <span className={classes.count}>
            {page.totalCountExact ? '' : 'about '}
            {formatCount(page.totalCount)} {page.totalCount === 1 ? 'pipeline' : 'pipelines'}
          </span>
        )}
      </div>
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!page && !error && <LoadingRows label="pipelines" rowHeight={40} />}
      {isEmpty && isFiltered && (
        <EmptyState
          title="None of that kind"
          actions={
            <Button size="xs" variant="default" onClick={() => set({ q: '', archived: '' })}>
              Show all that are in use
            </Button>
          }
        >
          No {filters.archived ? 'archived ' : ''}pipeline has a name like that.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && <NoPipelines />}
      {page && !isEmpty && (
        <LiveRegion>
          <PanelBoundary name="The list of pipelines">
            <PipelineTable pipelines={page.nodes} />
          </PanelBoundary>
        </LiveRegion>
      )}
      {page && (
        <Paging page={page.pageInfo} after={filters.after} onGo={(after) => set({ after })} />
      )}
    </Page>
  );
}
