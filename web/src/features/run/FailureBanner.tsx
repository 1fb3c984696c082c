import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useMemo, useSyncExternalStore } from 'react';
import { graphql } from '@/gql';
import type { BlockStatus } from '@/gql/schema-enums';
import { lookOf, StatusIcon } from '@/shared/status';
import { plainText } from './model/ansi';
import { type Failable, type Failure, firstFailureOf } from './model/failure';
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
  const { blocks, statuses } = useRun();
  const { cache } = useApolloClient();
  // Not the run's own count of them, which the list of runs may have brought before the blocks are known.
  const failed = useSyncExternalStore(statuses.watchAny, () =>
    blocks.flatMap(({ id }) => (isFailed(statuses.get(id)) ? [id] : [])).join(' '),
  );
  const failure = useMemo(() => {
    if (failed === '') return null;
    const read = failed.split(' ').flatMap((id): Failable[] => {
      const entry = cache.identify({ __typename: 'BlockRun', id });
      const block = entry && cache.readFragment({ id: entry, fragment: FailedBlock });
      return block ? [block] : [];
    });
    return firstFailureOf(read);
  }, [failed, cache]);
  return failure && <Told key={failure.name} failure={failure} onRerun={onRerun} />;
}

const isFailed = (status: BlockStatus | null) =>
  status !== null && lookOf(status).tone === 'failed';

function Told({ failure, onRerun }: FailureBannerProps & { failure: Failure }) {
  const { id, go } = useRun();
  const { name, error, others } = failure;
  const variables = { runId: id, block: name };
  const apollo = useApolloClient();
  const { data } = useQuery(FailureLine, { variables });
  const line = data?.run?.logs.nodes[0];
  const jump = (seq: number | undefined) =>
    go({ tab: 'logs', level: 'DEBUG', block: name, line: seq ?? null });
  // A click that comes before the line waits for it; the two ask but once.
  const jumpLater = async () => {
    const answer = await apollo.query({ query: FailureLine, variables }).catch(() => null);
    jump(answer?.data?.run?.logs.nodes[0]?.seq);
  };
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
          onClick={() => (data ? jump(line?.seq) : void jumpLater())}
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
