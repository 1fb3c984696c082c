import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { problemOf, useLiveNow, useOnResume } from '@/shared/api';
import { formatCount } from '@/shared/text';
import { ErrorPanel, LoadingRows } from '@/shared/ui';
import { ToolsRateLimit } from './documents';
import { roomAt } from './model/room';
import { Panel } from './Panel';
import classes from './tools.module.css';

/** How this browser stands with the limit; asking is a request of its own, so it is asked by hand. */
export function RateLimit() {
  const { data, error, refetch } = useQuery(ToolsRateLimit, { fetchPolicy: 'network-only' });
  const limit = data?.rateLimit ?? null;
  const now = useLiveNow(limit !== null);
  useOnResume(() => void refetch());
  return (
    <Panel title="Rate limit">
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="the rate limit" rows={2} />}
      {data && !limit && (
        <p className={classes.dimmed}>
          No limit is on for GraphQL. RATE_LIMIT_PATHS names the paths that have one.
        </p>
      )}
      {limit && (
        <>
          <p>
            {formatCount(limit.remaining)} of {formatCount(limit.limit)} requests left within{' '}
            {limit.windowSeconds} s for {limit.path}. {roomAt(limit, now)}
          </p>
          <Button size="xs" variant="default" onClick={() => void refetch()}>
            Ask again
          </Button>
        </>
      )}
    </Panel>
  );
}
