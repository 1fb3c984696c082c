import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { graphql } from '@/gql';
import { nearest } from '@/shared/text';
import { EmptyState, NearestNames } from '@/shared/ui';

/**
 * Candidates: those that begin or end like the name, however many there are, and the first of all. The
 * nearest of them are chosen here.
 */
export const NearbyPipelines = graphql(`
  query NearbyPipelines($start: String!, $end: String!) {
    starting: pipelines(first: 50, filter: { nameContains: $start, archived: null }) {
      nodes {
        id
        name
      }
    }
    ending: pipelines(first: 50, filter: { nameContains: $end, archived: null }) {
      nodes {
        id
        name
      }
    }
    first: pipelines(first: 200, filter: { archived: null }) {
      nodes {
        id
        name
      }
    }
  }
`);

const LETTERS = 3;
const MOST = 5;

/** A pipeline that an address names and that is not there: what is called nearly that, on the same page. */
export function NoSuchPipeline({ name }: { name: string }) {
  const { pathname } = useLocation();
  const { data } = useQuery(NearbyPipelines, {
    variables: { start: name.slice(0, LETTERS), end: name.slice(-LETTERS) },
  });
  const lists = [data?.starting, data?.ending, data?.first];
  const names = new Set(lists.flatMap((list) => list?.nodes.map((node) => node.name) ?? []));
  const [, , , ...rest] = pathname.split('/');
  return (
    <EmptyState
      title="There is no such pipeline"
      actions={
        <>
          <Button size="xs" variant="default" component={Link} to="/pipelines">
            All pipelines
          </Button>
          <Button size="xs" variant="default" component={Link} to="/pipelines/new">
            Write a new one
          </Button>
        </>
      }
    >
      <p>No pipeline is called {name}. Names are told apart by every letter.</p>
      <NearestNames
        names={nearest(name, [...names], MOST)}
        to={(near) => ['/pipelines', near, ...rest].join('/')}
      />
    </EmptyState>
  );
}
