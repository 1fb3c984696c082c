import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import type { RunStatus } from '@/gql/schema-enums';
import { useOnResume } from '@/shared/api';
import { useRunChanges } from '@/shared/runs';
import { RunCounts } from './documents';
import { filterOf, type View } from './model/view';

/** Many runs that change together are counted together. */
const SETTLE_MS = 500;

/** How many runs of the view stand where, whatever states it shows; counted anew after changes. */
export function useCounts(view: View): ReadonlyMap<RunStatus, number> | null {
  const { data, previousData, refetch } = useQuery(RunCounts, {
    variables: { filter: filterOf({ ...view, status: [] }) },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useOnResume(() => void refetch());
  useRunChanges(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      // A count that fails is told of by the list beside it, which is asked the same.
      refetch().catch(() => {});
    }, SETTLE_MS);
  });
  const counts = (data ?? previousData)?.runCounts;
  return counts ? new Map(counts.map(({ status, count }) => [status, count])) : null;
}
