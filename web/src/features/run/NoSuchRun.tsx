import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { graphql } from '@/gql';
import { usePage } from '@/shared/page';
import { lookOf, titleMark } from '@/shared/status';
import { nearest, shortId } from '@/shared/text';
import { EmptyState, NearestNames } from '@/shared/ui';

/** Runs whose id or pipeline has a part of what was asked for, and the newest ones. */
export const NearbyRuns = graphql(`
  query NearbyRuns($part: String!) {
    having: runs(first: 5, filter: { search: $part }) {
      nodes {
        id
        status
        pipeline {
          id
          name
        }
      }
    }
    newest: runs(first: 100) {
      nodes {
        id
        status
        pipeline {
          id
          name
        }
      }
    }
  }
`);

const MOST = 5;

/** A run that an address names and that is not there. */
export function NoSuchRun({ id }: { id: string }) {
  usePage(`${titleMark('FAILED')} No such run`, [
    { label: 'Runs', to: '/runs' },
    { label: 'No such run' },
  ]);
  // Its end is what pages show of an id, and what is left of one that was copied in part.
  const { data } = useQuery(NearbyRuns, { variables: { part: shortId(id) } });
  const having = data?.having?.nodes ?? [];
  const newest = data?.newest?.nodes ?? [];
  const all = new Map([...having, ...newest].map((run) => [run.id, run]));
  const near = [...having.map((run) => run.id), ...nearest(id, [...all.keys()], MOST)];
  const isNear = near.length > 0;
  const shown = [...new Set(isNear ? near : all.keys())].slice(0, MOST);
  const names = new Map(shown.map((each) => [nameOf(all.get(each)), each]));
  return (
    <EmptyState
      title="There is no such run"
      actions={
        <Button size="xs" variant="default" component={Link} to="/runs">
          All runs
        </Button>
      }
    >
      <p>No run has the id {id}. It may have been deleted by cleanup.</p>
      <NearestNames names={[...names.keys()]} to={(name) => `/runs/${names.get(name)}`}>
        {isNear ? 'Perhaps:' : 'The newest are:'}
      </NearestNames>
    </EmptyState>
  );
}

type Nearby = { id: string; status: Parameters<typeof lookOf>[0]; pipeline: { name: string } };

const nameOf = (run: Nearby | undefined) =>
  run ? `${run.pipeline.name} · ${shortId(run.id)}, ${lookOf(run.status).label.toLowerCase()}` : '';
