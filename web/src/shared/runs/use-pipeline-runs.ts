import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { useRunChanges } from './changes';
import { RunSummaryFragment } from './summary';

/** The newest runs of a pipeline: those that a query gave, and what comes while the page is open. */
export function usePipelineRuns(
  pipelineId: string,
  given: readonly { id: string }[],
  most: number,
): readonly string[] {
  const { cache } = useApolloClient();
  const key = given.map(({ id }) => id).join(' ');
  const [state, setState] = useState({ key, ids: key === '' ? [] : key.split(' ') });
  // Another answer of the query starts anew, in this very render: no moment shows the last one's.
  if (state.key !== key) setState({ key, ids: key === '' ? [] : key.split(' ') });
  const setIds = (change: (last: string[]) => string[]) =>
    setState((last) => ({ ...last, ids: change(last.ids) }));
  useRunChanges((changes) => {
    for (const { kind, runId } of changes) {
      if (kind === 'REMOVED') setIds((last) => last.filter((id) => id !== runId));
      if (kind !== 'CREATED') continue;
      const run = cache.readFragment({
        fragment: RunSummaryFragment,
        fragmentName: 'RunSummary',
        id: cache.identify({ __typename: 'Run', id: runId }),
      });
      if (run?.pipeline.id !== pipelineId) continue;
      setIds((last) => [runId, ...last.filter((id) => id !== runId)].slice(0, most));
    }
  });
  return state.ids;
}
