import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { graphql } from '@/gql';
import { useEntity } from '@/shared/api';
import { lookOf, StatusIcon } from '@/shared/status';
import { plainText } from './model/ansi';
import { type Failable, type Failure, failedIn, firstFailureOf } from './model/failure';
import classes from './run.module.css';
import { useRun } from './run-context';

export const FailedBlock = graphql(`
  fragment FailedBlock on BlockRun {
    id
    name
    status
    finishedAt
    error {
      kind
      message
      block
      retryable
      detail
    }
  }
`);

export const FailedOfRun = graphql(`
  fragment FailedOfRun on Run {
    id
    progress {
      blocksByStatus {
        status
        count
      }
    }
  }
`);

/** The line of the log that tells of a failure: the last one of its level that the block wrote. */
export const FailureLine = graphql(`
  query FailureLine($runId: ID!, $block: String!) {
    run(id: $runId) {
      id
      logs(block: $block, minLevel: ERROR, last: 1) {
        nodes {
          seq
          message
        }
      }
    }
  }
`);

interface FailureBannerProps {
  onRerun: () => void;
}

/** Which block failed first, why, and where the log says so. */
export function FailureBanner({ onRerun }: FailureBannerProps) {
  const { id, blocks, statuses } = useRun();
  const { cache } = useApolloClient();
  const run = useEntity(FailedOfRun, { __typename: 'Run', id });
  const count = run ? failedIn(run.progress.blocksByStatus) : 0;
  // Blocks are looked at only when the number of failed ones says that there is something to see.
  const failure = useMemo(() => {
    if (count === 0) return null;
    const read = blocks.flatMap(({ id: blockId }): Failable[] => {
      const status = statuses.get(blockId);
      if (!status || lookOf(status).tone !== 'failed') return [];
      const entry = cache.identify({ __typename: 'BlockRun', id: blockId });
      const block = entry && cache.readFragment({ id: entry, fragment: FailedBlock });
      return block ? [block] : [];
    });
    return firstFailureOf(read);
  }, [count, blocks, statuses, cache]);
  return failure && <Told key={failure.name} failure={failure} onRerun={onRerun} />;
}

function Told({ failure, onRerun }: FailureBannerProps & { failure: Failure }) {
  const { id, go } = useRun();
  const { name, error, others } = failure;
  const { data } = useQuery(FailureLine, { variables: { runId: id, block: name } });
  const line = data?.run?.logs.nodes[0];
  return (
    <section className={classes.failure} aria-label="What failed">
      <StatusIcon status="FAILED" size={20} />
      <div className={classes.failureText}>
        <p>
          <strong>{name}</strong> failed
          {others > 0 && `, and ${others} more after it`}: {error?.message ?? 'It gave no reason.'}
        </p>
        {line && (
          <p className={classes.failureLine} title={plainText(line.message)}>
            <span>Line {line.seq}</span> {plainText(line.message).split('\n')[0]}
          </p>
        )}
      </div>
      <div className={classes.failureActions}>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => go({ tab: 'logs', level: 'DEBUG', block: name, line: line?.seq ?? null })}
        >
          Jump to the error
        </Button>
        <Button size="compact-sm" variant="default" onClick={onRerun}>
          Re-run
        </Button>
      </div>
    </section>
  );
}
