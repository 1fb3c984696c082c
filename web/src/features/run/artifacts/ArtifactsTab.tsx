import { Button } from '@mantine/core';
import { useState } from 'react';
import { problemOf } from '@/shared/api';
import { formatCount } from '@/shared/text';
import { EmptyState, ErrorPanel, LoadingRows } from '@/shared/ui';
import { useRun } from '../run-context';
import { useWaiting } from '../use-waiting';
import { ArtifactTable } from './ArtifactTable';
import classes from './artifacts.module.css';
import { Preview } from './Preview';
import { useArtifacts } from './use-artifacts';

/** What the run, or the selected block, has made; and the beginning of one of them. */
export function ArtifactsTab() {
  const { address } = useRun();
  const { block } = address;
  const { data, error, refetch, fetchMore } = useArtifacts();
  const waiting = useWaiting();
  const [picked, setPicked] = useState<string | null>(null);
  const page = data?.run?.artifacts;
  if (error && !page)
    return <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />;
  if (!page) return <LoadingRows label="the artifacts" rows={6} />;
  const shown = page.nodes.filter((artifact) => block === null || artifact.block === block);
  const more = page.pageInfo.hasNextPage;
  if (shown.length === 0 && !more) {
    return (
      <EmptyState title={waiting ? 'No artifacts yet' : 'No artifacts'}>
        {waiting ?? `${block ?? 'This run'} has made nothing that is kept.`}
      </EmptyState>
    );
  }
  const chosen = shown.find(({ id }) => id === picked) ?? shown[0];
  const load = () =>
    fetchMore({
      variables: { after: page.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult: next }) => {
        if (!before.run || !next.run) return before;
        const nodes = [...before.run.artifacts.nodes, ...next.run.artifacts.nodes];
        return { run: { ...before.run, artifacts: { ...next.run.artifacts, nodes } } };
      },
    });
  return (
    <div className={classes.beside}>
      <div className={classes.listed}>
        <ArtifactTable artifacts={shown} chosen={chosen?.id ?? null} onChoose={setPicked} />
        {more && (
          <Button size="compact-xs" variant="default" onClick={() => void load()}>
            Show more of {formatCount(page.totalCount)}
          </Button>
        )}
      </div>
      {chosen && <Preview key={chosen.id} id={chosen.id} />}
    </div>
  );
}
