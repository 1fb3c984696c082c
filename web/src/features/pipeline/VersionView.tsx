import { useQuery } from '@apollo/client/react';
import { Button, Code } from '@mantine/core';
import { useMemo } from 'react';
import { problemOf } from '@/shared/api';
import { DiffView } from '@/shared/diff';
import { GraphView } from '@/shared/graph';
import { EmptyState, ErrorPanel, Loading, NoSuchBlock } from '@/shared/ui';
import { ShownVersion } from './documents';
import classes from './pipeline.module.css';
import { useShown } from './use-shown';

interface VersionViewProps {
  name: string;
  number: number;
  latest: number;
}

/** A version's graph with its selected block, or what it changed of another one. */
export function VersionView({ name, number, latest }: VersionViewProps) {
  const { against, block, set, searchWith } = useShown();
  const { data, error, refetch } = useQuery(ShownVersion, { variables: { name, number } });
  const version = data?.pipeline?.version;
  const nodes = useMemo(
    () => version?.graph.nodes.map((node) => ({ ...node, blockRunId: null })) ?? [],
    [version],
  );
  const edges = useMemo(
    () => version?.graph.edges.map((edge) => ({ ...edge, as: edge.as ?? null })) ?? [],
    [version],
  );
  if (error && !version)
    return <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="the version" height={320} />;
  if (!version) {
    return (
      <EmptyState
        title={`There is no version ${number}`}
        actions={
          <Button size="xs" variant="default" onClick={() => set({ v: null, against: null })}>
            Show version {latest}
          </Button>
        }
      >
        The newest one is {latest}.
      </EmptyState>
    );
  }
  const chosen = version.graph.nodes.find((node) => node.name === block);
  return (
    <section aria-label={`Version ${number}`}>
      <h2 className={classes.title}>
        Version {number}
        {number === latest && <span className={classes.dimmed}>the newest</span>}
        {number !== latest && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => set({ v: null, against: null })}
          >
            Show the newest
          </Button>
        )}
      </h2>
      {block !== null && !chosen && (
        <NoSuchBlock
          name={block}
          names={nodes.map((node) => node.name)}
          to={(other) => ({ search: searchWith({ block: other }) })}
        />
      )}
      {against !== null && <Changes name={name} from={against} to={version} />}
      <div className={classes.graph}>
        <GraphView
          label={`Graph of version ${number}`}
          nodes={nodes}
          edges={edges}
          selected={chosen?.name ?? null}
          onSelect={(next) => set({ block: next })}
        />
      </div>
      {chosen && (
        <section className={classes.block} aria-label={`Block ${chosen.name}`}>
          <h3>
            {chosen.name} <span className={classes.dimmed}>{chosen.type}</span>
          </h3>
          <Code block tabIndex={0}>
            {JSON.stringify(chosen.config, null, 2)}
          </Code>
        </section>
      )}
      <details className={classes.definition}>
        <summary>Definition</summary>
        <Code block tabIndex={0}>
          {version.definition}
        </Code>
      </details>
    </section>
  );
}

interface ChangesProps {
  name: string;
  from: number;
  to: { number: number; definition: string };
}

function Changes({ name, from, to }: ChangesProps) {
  const { set } = useShown();
  const { data, error, refetch } = useQuery(ShownVersion, { variables: { name, number: from } });
  const before = data?.pipeline?.version;
  if (error) return <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="the changes" height={120} />;
  return (
    <section className={classes.changes} aria-label="Changes">
      <h3>
        From version {from} to {to.number}
        <Button size="compact-xs" variant="default" onClick={() => set({ against: null })}>
          Close
        </Button>
      </h3>
      {before ? (
        <DiffView label="Changes" before={before.definition} after={to.definition} />
      ) : (
        <p>There is no version {from}.</p>
      )}
    </section>
  );
}
