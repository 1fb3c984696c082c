import { useApolloClient } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { useRunChanges } from './changes';
import { RunSummaryFragment } from './summary';

/** The newest runs of a pipeline: those that a query gave, and what comes while the page is open. */
export function usePipelineRuns(
  pipelineId: string,
  given: readonly { id: string }[],
  most: number,
): readonly string[] {
  const { cache } = useApolloClient();
  const read = (runId: string) =>
    cache.readFragment({
      fragment: RunSummaryFragment,
      fragmentName: 'RunSummary',
      id: cache.identify({ __typename: 'Run', id: runId }),
    });
  // The newest first. An answer may be older than what was told while it was on its way.
  const heard = useRef<string[]>([]);
  const begin = () => {
    const ids = given.map(({ id }) => id);
    const newest = read(ids[0] ?? '')?.createdAt ?? '';
    const later = heard.current.filter(
      (id) => !ids.includes(id) && (read(id)?.createdAt ?? '') >= newest,
    );
    return [...later, ...ids].slice(0, most);
  };
  const key = given.map(({ id }) => id).join(' ');
  const [state, setState] = useState(() => ({ key, ids: begin() }));
  // Another answer of the query starts anew, in this very render: no moment shows the last one's.
  const current = state.key === key ? state : { key, ids: begin() };
  if (current !== state) setState(current);
  const change = (changed: (last: string[]) => string[]) => {
    heard.current = changed(heard.current);
    setState((last) => ({ ...last, ids: changed(last.ids) }));
  };
  useRunChanges((changes) => {
    for (const { kind, runId } of changes) {
      if (kind === 'REMOVED') change((last) => last.filter((id) => id !== runId));
      if (kind === 'CREATED' && read(runId)?.pipeline.id === pipelineId)
        change((last) => [runId, ...last.filter((id) => id !== runId)].slice(0, most));
    }
  });
  return current.ids;
}
