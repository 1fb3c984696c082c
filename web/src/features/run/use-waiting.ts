import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { graphql } from '@/gql';
import { useRunEvents } from './live/events';
import { useRun } from './run-context';

export const WaitingReasons = graphql(`
  query WaitingReasons($runId: ID!, $block: String!, $isBlock: Boolean!) {
    run(id: $runId) {
      id
      waitingReasons {
        code
        message
        until
        blocks
      }
      block(name: $block) @include(if: $isBlock) {
        id
        waitingReasons {
          code
          message
          until
          blocks
        }
      }
    }
  }
`);

const SETTLE_MS = 500;

/** Why what is selected does not move, in words; null where it does, or is over. */
export function useWaiting(): string | null {
  const { id, address } = useRun();
  const { block } = address;
  const { data, refetch } = useQuery(WaitingReasons, {
    variables: { runId: id, block: block ?? '', isBlock: block !== null },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useRunEvents(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void refetch().catch(() => {}), SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const reasons = (block === null ? data?.run : data?.run?.block)?.waitingReasons ?? [];
  return reasons.map(({ message }) => message).join('; ') || null;
}
