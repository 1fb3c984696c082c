import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { nearest } from '@/shared/text';
import { EmptyState } from '@/shared/ui';
import { RunsPipelines } from './documents';
import { isNarrowed, narrowed, paramsOf, type View } from './model/view';

/** A list that is empty because of what it was asked for. */
export function NoMatch({ view }: { view: View }) {
  const { data } = useQuery(RunsPipelines, { skip: view.pipeline === '' });
  const names = data?.pipelines?.nodes.map(({ name }) => name);
  const isUnknown = names !== undefined && view.pipeline !== '' && !names.includes(view.pipeline);
  const near = isUnknown ? nearest(view.pipeline, names) : [];
  return (
    <EmptyState
      title={isUnknown ? `No pipeline is called ${view.pipeline}` : 'No run is like that'}
      actions={
        <>
          {near.map((pipeline) => (
            <Button
              key={pipeline}
              size="xs"
              component={Link}
              to={`?${new URLSearchParams(paramsOf(narrowed(view, { pipeline })))}`}
            >
              {pipeline}
            </Button>
          ))}
          <Button size="xs" variant="default" component={Link} to="/runs">
            Show all runs
          </Button>
        </>
      }
    >
      {near.length > 0
        ? 'These are called nearly that.'
        : isNarrowed(view)
          ? 'Take a condition away, or wait: a run that fits appears here by itself.'
          : 'This page is past the end of the list.'}
    </EmptyState>
  );
}
